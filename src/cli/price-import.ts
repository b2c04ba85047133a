/** x */
import type { Command } from 'commander';
export function addPriceImport(_: Command): void {}
