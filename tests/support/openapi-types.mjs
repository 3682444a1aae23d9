// The schemas of the control plane as TypeScript, to hold the declarations that users read against them. Only what these
// schemas use is known; anything else is an error, so that a new kind of schema cannot pass unseen.

const MARKS = new Set(["description", "format", "minimum", "maximum", "minItems", "pattern", "default", "additionalProperties"]);

const only = (schema, ...known) => {
  const other = Object.keys(schema).filter((key) => !known.includes(key) && !MARKS.has(key));
  if (other.length > 0) throw new Error(`the schema has ${other.join(", ")}: ${JSON.stringify(schema)}`);
};

const union = (types) => types.join(" | ");

const primitive = { string: "string", integer: "number", number: "number", boolean: "boolean", null: "null" };

const typeOf = (schema) => {
  const { $ref, anyOf, oneOf, enum: values, const: value, type } = schema;
  if ($ref !== undefined) return only(schema, "$ref"), $ref.split("/").at(-1);
  if (anyOf !== undefined || oneOf !== undefined) return only(schema, "anyOf", "oneOf"), union((anyOf ?? oneOf).map(typeOf));
  if (values !== undefined) return only(schema, "enum", "type"), union(values.map((each) => JSON.stringify(each)));
  if (value !== undefined) return only(schema, "const", "type"), JSON.stringify(value);
  if (Array.isArray(type)) return union(type.map((each) => typeOf({ ...schema, type: each })));
  if (type === "array") return only(schema, "type", "items"), `readonly (${typeOf(schema.items)})[]`;
  if (type === "object") return only(schema, "type", "properties", "required"), objectOf(schema);
  if (primitive[type] === undefined) throw new Error(`no type: ${JSON.stringify(schema)}`);
  // `items` stands beside a list of types.
  return only(schema, "type", "items"), primitive[type];
};

// A member that need not be there is left out where it has no value, never `null`; what is taken may be either.
const objectOf = ({ properties = {}, required = [] }) => {
  const members = Object.entries(properties).map(([name, schema]) => {
    const type = typeOf(schema);
    return required.includes(name) ? `  readonly ${name}: ${type};` : `  readonly ${name}?: ${type.replace(/ \| null$/, "")};`;
  });
  return `{\n${members.join("\n")}\n}`;
};

/** A module that exports a type for each schema of the document. */
export const typesOf = (document) => {
  const types = Object.entries(document.components.schemas).map(([name, schema]) => `export type ${name} = ${typeOf(schema)};\n`);
  return `// Written by a test from simulator/openapi.json.\n\n${types.join("\n")}`;
};
