/** Types of bundle-page.mjs. */
export function bundlePage(): Promise<{
  readonly page: string;
  readonly ledger: string;
  readonly inputs: Readonly<Record<string, { readonly bytes: number }>>;
}>;
