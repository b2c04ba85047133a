/** A workload spec as YAML that people can read: tables of numbers in lines, everything else in blocks, a comment on top. */
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Document, isScalar, isSeq, visit } from 'yaml';
import { inputError } from '../errors.ts';
import type { WorkloadSpecInput } from '../workload/schema.ts';

export function workloadText(spec: WorkloadSpecInput, comments: readonly string[]): string {
  const document = new Document(spec);
  visit(document, {
    Seq: (_, node) => {
      if (isSeq(node) && node.items.every((item) => isScalar(item) && typeof item.value === 'number')) node.flow = true;
    },
  });
  document.commentBefore = comments.map((line) => ` ${line}`).join('\n');
  return document.toString({ lineWidth: 120, flowCollectionPadding: false });
}

/** Under a temporary name first, so that nobody sees half a file. */
export async function writeWorkload(file: string, text: string): Promise<void> {
  const staging = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    await writeFile(staging, text, { flag: 'wx' });
    await rename(staging, file);
  } catch (error) {
    await rm(staging, { force: true }).catch(() => undefined);
    throw inputError('OUT_NOT_WRITABLE', file, `can't be written: ${(error as Error).message}`);
  }
}
