/**
 * The seller of the benchmark, a process of its own: answers chat completions by the model's name (seller-answers.mjs). It
 * speaks just enough HTTP/1.1 over bare sockets to cost little beside what is measured: requests with a content-length, one
 * after the other on a connection. Tells its port first, and on request how much it has sent of big streams.
 */
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { bigChunk, done, jsonAnswer, streamedChunks, usageChunk } from './seller-answers.mjs';

const HEAD_END = Buffer.from('\r\n\r\n');
const counts = { big_bytes: 0, big_ended: 0 };

const wholeAnswer = Buffer.concat([
  Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: bench\r\ncontent-length: ${jsonAnswer.length}\r\n\r\n`,
  ),
  jsonAnswer,
]);
const streamHead = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n',
);
const framed = (bytes) => Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
const chunks = streamedChunks.map(framed);
const usage = framed(usageChunk);
const end = Buffer.concat([framed(done), Buffer.from('0\r\n\r\n')]);
const big = framed(bigChunk);

async function stream(socket, gap_ms, wantsUsage) {
  socket.write(Buffer.concat([streamHead, chunks[0]]));
  socket.write(chunks[1]);
  for (const chunk of chunks.slice(2)) {
    if (gap_ms > 0) await pause(gap_ms);
    if (socket.destroyed) return;
    socket.write(chunk);
  }
  if (wantsUsage) socket.write(usage);
  socket.write(end);
}

async function bigStream(socket, bytes) {
  socket.write(streamHead);
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += bigChunk.length) {
    if (!socket.write(big))
      await new Promise((resolve) => {
        socket.once('drain', resolve);
        socket.once('close', resolve);
      });
    counts.big_bytes += bigChunk.length;
  }
  counts.big_ended++;
  if (!socket.destroyed) socket.write(end);
}

function answer(socket, body) {
  const [, kind, number] = /"model"\s*:\s*"(m|s|big)-(\d+)"/.exec(body) ?? [];
  if (kind === 's') void stream(socket, Number(number), /"include_usage"\s*:\s*true/.test(body));
  else if (kind === 'big') void bigStream(socket, Number(number) * 2 ** 20);
  else if (kind === undefined) socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
  else if (number === '0') socket.write(wholeAnswer);
  else setTimeout(() => socket.destroyed || socket.write(wholeAnswer), Number(number));
}

const server = createServer({ noDelay: true }, (socket) => {
  let held = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    const head = held.indexOf(HEAD_END);
    if (head < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(held.latin1Slice(0, head))?.[1];
    if (length === undefined) {
      socket.end('HTTP/1.1 411 Length Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const from = head + HEAD_END.length;
    if (held.length < from + Number(length)) return;
    const body = held.latin1Slice(from, from + Number(length));
    held = Buffer.alloc(0);
    answer(socket, body);
  });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => process.send({ result: counts }));
process.on('disconnect', () => process.exit(0));
