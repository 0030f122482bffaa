import '../index.js';

export { joinCluster } from '../cluster/join-cluster.js';
export type { ProcessGroup } from '../cluster/process-group.js';
export type { ClusterMembership } from '../cluster/server-definition.js';
export { wasmBinaryFolder } from '../host/wasm-binary-folder.js';
export type { InstallOptions } from '../install/install-engine.js';
export { installEngine } from '../install/install-engine.js';
export { cacheFolder } from '../installed/cache-folder.js';
export type { EngineRecord, InstallableEngine } from '../installed/engine-record.js';
export type { ProductRates } from '../selftest/product-rates.js';
export { productRates } from '../selftest/product-rates.js';
export type { SelfTestReport } from '../selftest/self-test-engine.js';
export { selfTestEngine } from '../selftest/self-test-engine.js';
