interface Descriptions {
  readonly description?: string;
  readonly fields?: Readonly<Record<string, Descriptions>>;
  readonly items?: Descriptions;
}
export function schemaDescriptions(file: string, name: string): Record<string, Descriptions>;
