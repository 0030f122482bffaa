export {
  type BenchmarkReportData,
  type BenchmarkReportItem,
  extremes,
  renderBenchmarkMarkdown,
  renderBenchmarkReport,
} from './benchmark-report.js';
export { formatDuration } from './format/format-duration.js';
export { formatCount, formatLarge } from './format/format-number.js';
export { formatP } from './format/format-p.js';
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
export { scoreRows } from './score-rows.js';
