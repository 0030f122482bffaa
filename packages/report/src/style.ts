/** The report's whole look: no font, script or picture from elsewhere. */
export const STYLE = `
:root { --ink: #1f2733; --soft: #5b6472; --line: #e3e6eb; --accent: #0072b2; --good: #00734d; --bad: #a8330b; }
* { box-sizing: border-box; }
body { margin: 0; background: #f6f7f9; color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 48px 24px 72px; }
header { margin-bottom: 32px; }
h1 { font-size: 34px; line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 8px; }
h2 { font-size: 20px; letter-spacing: -0.01em; margin: 0 0 4px; }
section { background: #fff; border: 1px solid var(--line); border-radius: 12px; padding: 24px 28px 28px; margin: 0 0 20px; }
p { margin: 0 0 12px; max-width: 74ch; }
.subtitle, .lead { color: var(--soft); }
.lead { margin-bottom: 16px; font-size: 15px; }
.findings { margin: 20px 0 0; padding: 0; list-style: none; }
.findings li { border-left: 3px solid var(--accent); padding: 2px 0 2px 14px; margin: 10px 0; max-width: 80ch; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 15px; }
th, td { text-align: right; padding: 8px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
thead th { font-weight: 500; color: var(--soft); font-size: 13px; }
tbody tr:last-child > * { border-bottom: 0; }
tbody th { font-weight: 600; }
td.words { white-space: normal; text-align: left; }
tr.baseline th, tr.baseline td { font-weight: 400; color: var(--soft); }
tr.baseline small { display: block; font-size: 12.5px; white-space: normal; max-width: 34ch; line-height: 1.35; }
tr.total > * { border-top: 2px solid var(--line); font-weight: 600; }
td.best { font-weight: 700; }
.dot { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 8px; }
.kept { color: var(--good); } .rolled-back { color: var(--bad); }
.charts { display: flex; flex-wrap: wrap; gap: 24px 28px; margin-top: 12px; }
.charts svg, .chart svg { max-width: 100%; height: auto; }
.chart { margin: 20px 0 4px; }
.compared { margin: 14px 0 0; padding: 0; list-style: none; color: var(--soft); font-size: 15px; }
.compared li { margin: 3px 0; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(210px, 1fr)); gap: 20px; margin-top: 16px; }
figure { margin: 0; border: 1px solid var(--line); border-radius: 10px; overflow: hidden; background: #fff;
  display: flex; flex-direction: column; }
figure img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; background: #eef0f3; }
figure img.small { image-rendering: pixelated; }
figcaption { padding: 12px 14px 14px; font-size: 14px; line-height: 1.4; }
figcaption dl { margin: 0; } figcaption dt { font-size: 12px; color: var(--soft); margin-top: 8px; }
figcaption dt:first-child { margin-top: 0; } figcaption dd { margin: 0; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; margin: 12px 0 0; font-size: 14.5px; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
.notes { color: var(--soft); font-size: 14px; padding-left: 18px; margin: 16px 0 0; }
footer { color: var(--soft); font-size: 13.5px; margin-top: 28px; }
@media print { body { background: #fff; } section { break-inside: avoid; } }
@media (max-width: 640px) { main { padding: 28px 14px; } section { padding: 18px 16px; } h1 { font-size: 26px; } }
`;
