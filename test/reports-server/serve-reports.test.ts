import { writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startReportsServer } from '../../src/reports-server/serve-reports.ts';
import { ask } from './asking.ts';
import { emptyFolder, putReport, reportNamed } from './shelf-of-reports.ts';

const bug = (error: unknown): void => {
  throw error;
};
const taken: Server[] = [];
afterEach(async () => {
  for (const server of taken.splice(0)) await new Promise((resolve) => server.close(resolve));
});

const take = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen({ host: '127.0.0.1', port }, () => {
      taken.push(server);
      resolve((server.address() as { port: number }).port);
    });
  });

describe('a server of reports', () => {
  it('says that a port is taken and names the next that is free', async () => {
    const folder = emptyFolder();
    const port = await take(0);
    const message: string = await startReportsServer(folder, port, bug).then(
      () => 'started',
      (error: Error) => error.message,
    );
    const [, free] = /^--port \d+: is taken; (\d+) is free: tollgate serve \S+ --port \1$/.exec(message) ?? [];
    expect(Number(free)).toBeGreaterThan(port);
    const server = await startReportsServer(folder, Number(free), bug);
    await server.close();
  });

  it('passes over the next port where that is taken too', async () => {
    const port = await take(0);
    const isNextTaken = await take(port + 1).then(
      () => true,
      () => true,
    );
    expect(isNextTaken).toBe(true);
    await expect(startReportsServer(emptyFolder(), port, bug)).rejects.toThrow(
      new RegExp(`^--port ${port}: is taken; (?!${port + 1} )\\d+ is free`),
    );
  });

  it('ends although connections are open', async () => {
    const server = await startReportsServer(emptyFolder(), 0, bug);
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
    const closed = new Promise((resolve) => socket.on('close', resolve).on('error', () => undefined));
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('GET / HTTP/1.1\r\n');
    await server.close();
    await closed;
    await expect(ask(server.origin, '/')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('shows an empty folder as one, and the first report once it is there', async () => {
    const folder = emptyFolder();
    const server = await startReportsServer(folder, 0, bug);
    expect((await ask(server.origin, '/')).body).toContain(
      'holds no report yet; `tollgate run &lt;scenario.yaml&gt;` writes one',
    );
    putReport(folder, 'first', 1, reportNamed('First'));
    expect((await ask(server.origin, '/')).body).toContain('1 report in');
    await server.close();
  });

  it('does not start on what is no folder of reports', async () => {
    const folder = emptyFolder();
    const [file, page] = [path.join(folder, 'a.txt'), path.join(folder, 'one/report.html')];
    writeFileSync(file, '');
    putReport(folder, 'one', 1, reportNamed('One'));
    await expect(startReportsServer(path.join(folder, 'none'), 0, bug)).rejects.toThrow(
      /none: there is no such folder; `tollgate run <scenario\.yaml>` writes a report there/,
    );
    await expect(startReportsServer(file, 0, bug)).rejects.toThrow(/a\.txt: is a file; expected a folder/);
    await expect(startReportsServer(page, 0, bug)).rejects.toThrow(
      `${page}: is one report; \`tollgate open ${page}\` shows it, \`tollgate serve ${folder}\` shows all`,
    );
  });
});
