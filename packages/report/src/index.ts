export {
  type BenchmarkReportData,
  type BenchmarkReportItem,
  extremes,
  renderBenchmarkMarkdown,
  renderBenchmarkReport,
  scoreRows,
} from './benchmark-report.js';
export { lossChart } from './charts/loss-chart.js';
export { runColour } from './charts/run-colours.js';
export { encodePng } from './encode-png.js';
export { formatCount, formatDuration, formatLarge, formatP } from './format/format-number.js';
export { keptText } from './kept-text.js';
export { pictureDataUri } from './picture-data-uri.js';
export { renderReport } from './render-report.js';
export type {
  BaselineScores,
  Comparison,
  LossPoint,
  ReportData,
  ReportGate,
  ReportLedger,
  ReportPicture,
  ReportRun,
  ReportScores,
} from './report-data.js';
