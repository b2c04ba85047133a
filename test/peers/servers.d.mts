export interface PeerShard {
  readonly http_port: number;
  readonly tcp_port: number;
  readonly pid: number;
}
export const CLUSTER: string;
export function stopShard(shard: PeerShard): Promise<void>;
