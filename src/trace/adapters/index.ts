/** All formats that are read. A new one is a file beside this one and a line here. */
import type { Adapter } from '../adapter.ts';
import { anthropicCost, anthropicCostApi } from './anthropic-cost.ts';
import { anthropicUsage, anthropicUsageApi } from './anthropic-usage.ts';
import { azure2023 } from './azure-2023.ts';
import { burstgpt } from './burstgpt.ts';
import { canonical } from './canonical.ts';
import { cloudflare } from './cloudflare.ts';
import { datadog } from './datadog.ts';
import { deepseekAmount, deepseekCost } from './deepseek.ts';
import { helicone, heliconeClickhouse } from './helicone.ts';
import { langfuse, langfuseApi } from './langfuse.ts';
import { litellm } from './litellm.ts';
import { litellmDaily } from './litellm-daily.ts';
import { mooncake } from './mooncake.ts';
import { openaiCosts } from './openai-costs.ts';
import { openaiUsage, openaiUsageEmpty } from './openai-usage.ts';
import { openaiUsage2023 } from './openai-usage-2023.ts';
import { openrouterActivity, openrouterDays, openrouterGeneration } from './openrouter.ts';
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
  anthropicCost,
  anthropicCostApi,
  anthropicUsage,
  anthropicUsageApi,
  burstgpt,
  deepseekAmount,
  deepseekCost,
  openaiCosts,
  openaiUsage,
  openaiUsageEmpty,
  openaiUsage2023,
  openrouterActivity,
  openrouterDays,
  openrouterGeneration,
];
