import ts from 'typescript';

/**
 * The comments on the fields of zod schemas, as TypeScript sees them from their types: whatever the schemas are spread or
 * extended from.
 * @param file TypeScript file
 * @param name of an object that it exports, with schemas by name
 * @returns by the names of the schemas, `{ description, fields, items }` as far as there is something
 */
export function schemaDescriptions(file, name) {
  const configFile = ts.findConfigFile(file, ts.sys.fileExists);
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(configFile, ts.sys.readFile).config,
    { ...ts.sys, readDirectory: () => [] },
    ts.sys.resolvePath(configFile.replace(/[^/\\]*$/, '')),
  );
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  const schemas = checker.getExportsOfModule(module).find((symbol) => symbol.name === name);

  const fieldType = (type, field) => {
    const symbol = checker.getPropertyOfType(type, field);
    return symbol && checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
  };

  /** Descriptions inside a schema, through defaults, alternatives and the like. */
  function inside(type) {
    const internals = fieldType(type, '_zod');
    const definition = internals && fieldType(internals, 'def');
    if (!definition) return {};
    const shape = fieldType(definition, 'shape');
    if (shape) return { fields: fieldsOf(shape) };
    for (const field of ['element', 'valueType']) {
      const inner = fieldType(definition, field);
      if (inner) return { items: inside(inner) };
    }
    for (const field of ['innerType', 'out']) {
      const inner = fieldType(definition, field);
      const found = inner && inside(inner);
      if (found && Object.keys(found).length > 0) return found;
    }
    const alternatives = fieldType(definition, 'options');
    if (!alternatives) return {};
    const found = (checker.getTypeArguments(alternatives) ?? []).map(inside);
    const fields = Object.assign({}, ...found.map((one) => one.fields));
    return Object.keys(fields).length > 0 ? { fields } : {};
  }

  function fieldsOf(shape) {
    return Object.fromEntries(
      checker.getPropertiesOfType(shape).map((symbol) => {
        const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
        const description = text.replace(/\s+/g, ' ').trim();
        return [
          symbol.name,
          { ...(description !== '' && { description }), ...inside(checker.getTypeOfSymbol(symbol)) },
        ];
      }),
    );
  }

  const declared = checker.getTypeOfSymbol(schemas);
  return Object.fromEntries(
    checker
      .getPropertiesOfType(declared)
      .map((symbol) => [symbol.name, inside(checker.getTypeOfSymbol(symbol))]),
  );
}
