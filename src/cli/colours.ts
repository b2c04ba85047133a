/** Colours of the terminal: off where output is no terminal or NO_COLOR is set. */
import picocolors from 'picocolors';

export function colours() {
  const isOn = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return picocolors.createColors(isOn);
}
