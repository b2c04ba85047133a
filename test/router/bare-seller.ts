/**
 * A seller in bare sockets, for what becomes of its connections: told how many requests a connection has had, it answers, or
 * says how it closes instead. It closes with the test.
 */
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach } from 'vitest';
import { ANSWER } from './setting.ts';

export type Manner = (requests: number) => 'answer' | 'reset' | 'end' | 'half';
const sellers: Server[] = [];
afterEach(() => {
  for (const seller of sellers.splice(0)) seller.close();
});

/** @param idle_ms after which it closes a connection */
export async function bareSeller(manner: Manner, idle_ms = 60_000): Promise<{ base_url: string; seen: () => number }> {
  let seen = 0;
  const body = JSON.stringify(ANSWER);
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n`;
  const server = createServer((socket) => {
    let text = '';
    let requests = 0;
    let idle: NodeJS.Timeout | undefined;
    socket.on('error', () => undefined).on('close', () => clearTimeout(idle));
    socket.on('data', (part) => {
      clearTimeout(idle);
      text += part.toString();
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      if (end < 0 || text.length < end + 4 + length) return;
      text = '';
      seen++;
      const how = manner(++requests);
      if (how === 'answer') socket.write(`${head}\r\n${body}`);
      else if (how === 'reset') socket.resetAndDestroy();
      else if (how === 'half') socket.write(`${head}\r\n{`, () => socket.resetAndDestroy());
      else socket.end();
      idle = setTimeout(() => socket.destroy(), idle_ms);
    });
  });
  sellers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, seen: () => seen };
}
