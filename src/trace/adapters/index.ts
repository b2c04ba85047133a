/** All formats that are read. A new one is a file beside this one and a line here. */
import type { Adapter } from '../adapter.ts';
import { azure2023 } from './azure-2023.ts';
import { canonical } from './canonical.ts';
import { mooncake } from './mooncake.ts';

export const ADAPTERS: readonly Adapter[] = [canonical, azure2023, mooncake];
