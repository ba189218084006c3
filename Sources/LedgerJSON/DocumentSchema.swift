/// The JSON Schema (draft 2020-12) of the canonical document.
package enum DocumentSchema {
  /// The text of `document.schema.json`, carried inside the program.
  package static var bytes: [UInt8] { PackageResources.document_schema_json }
}
