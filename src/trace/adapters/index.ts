/** All formats that are read. A new one is a file beside this one and a line here. */
import type { Adapter } from '../adapter.ts';
import { azure2023 } from './azure-2023.ts';
import { canonical } from './canonical.ts';
import { cloudflare } from './cloudflare.ts';
import { datadog } from './datadog.ts';
import { helicone, heliconeClickhouse } from './helicone.ts';
import { langfuse, langfuseApi } from './langfuse.ts';
import { litellm } from './litellm.ts';
import { litellmDaily } from './litellm-daily.ts';
import { mooncake } from './mooncake.ts';
import { opentelemetry } from './opentelemetry.ts';
import { portkey } from './portkey.ts';
import { vercelGeneration, vercelReport, vercelReportHourly } from './vercel.ts';

export const ADAPTERS: readonly Adapter[] = [
  canonical,
  azure2023,
  mooncake,
  cloudflare,
  datadog,
  helicone,
  heliconeClickhouse,
  langfuse,
  langfuseApi,
  litellm,
  litellmDaily,
  opentelemetry,
  portkey,
  vercelGeneration,
  vercelReport,
  vercelReportHourly,
];
