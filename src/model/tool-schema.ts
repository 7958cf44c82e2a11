type Schema = Readonly<Record<string, unknown>>;

/** Brings a schema to what all servers know. */
export function normaliseSchema(schema: Schema): Schema {
	return schema;
}
