/** 0.05 as "5 %". */
export function formatShare(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
