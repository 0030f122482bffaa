export * from '@eim/contracts';
