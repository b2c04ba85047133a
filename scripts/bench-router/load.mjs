/** The load generator, a process of its own: takes jobs one after the other over its channel, and answers with figures. */
import { manyStreams, stalledClient } from './hold-open.mjs';
import { closedLoop, openLoop } from './loops.mjs';

const together = ({ jobs }) => Promise.all(jobs.map(({ load, ...job }) => LOADS[load](job)));
const LOADS = { closed: closedLoop, open: openLoop, many: manyStreams, stalled: stalledClient, together };

process.on('message', async ({ load, ...job }) => {
  try {
    process.send({ result: await LOADS[load](job) });
  } catch (error) {
    process.send({ error: `${error.message}` });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ isReady: true });
