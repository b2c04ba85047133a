/**
 * Queueing at N places that serve one request each: how many are turned away, how many wait, how long.
 *
 *   offered load     A = requests per second x seconds of service, in erlang
 *   turned away      B(A, 0) = 1, B(A, n) = A B(A, n - 1) / (n + A B(A, n - 1))     no queue: Erlang B
 *   waits            C = N B / (N - A (1 - B)), for A < N; else all wait for ever    endless queue: Erlang C
 *   within t         1 - C exp(-(N - A) t / H), H the mean service time
 *   mean wait        C H / (N - A)
 *
 * Example: A = 10, N = 14, H = 180 s: B = 0.0568191, C = 0.1741319, 88.8 % wait at most 20 s, 7.836 s on average.
 * Source: Erlang 1917; call-centre textbooks for the example. Takes Poisson arrivals and, for C, exponential service
 * times; B holds for any. Not modelled: requests that give up in the queue, priorities, rates that change by the hour.
 */

/** Share turned away where nothing waits. */
export function erlangB(load: number, places: number): number {
  let blocked = 1;
  for (let n = 1; n <= places; n++) blocked = (load * blocked) / (n + load * blocked);
  return blocked;
}

/** Share that has to wait. */
export function erlangC(load: number, places: number): number {
  if (load >= places) return 1;
  const blocked = erlangB(load, places);
  return (places * blocked) / (places - load * (1 - blocked));
}

/** Share served within `wait_ms`. */
export const servedWithin = (load: number, places: number, service_ms: number, wait_ms: number): number =>
  load >= places ? 0 : 1 - erlangC(load, places) * Math.exp((-(places - load) * wait_ms) / service_ms);

/** Mean wait of all requests. */
export const meanWaitMs = (load: number, places: number, service_ms: number): number =>
  load >= places ? Number.POSITIVE_INFINITY : (erlangC(load, places) * service_ms) / (places - load);
