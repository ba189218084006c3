/// The JSON Schemas (draft 2020-12) of the folder's YAML files, for editors.
package enum ConfigurationSchemas {
  /// By file name: `entity.schema.json`.
  package static var files: [String: [UInt8]] {
    [
      "accounts.schema.json": PackageResources.accounts_schema_json,
      "adapter.schema.json": PackageResources.adapter_schema_json,
      "alerts.schema.json": PackageResources.alerts_schema_json,
      "bank-accounts.schema.json": PackageResources.bank_accounts_schema_json,
      "connection.schema.json": PackageResources.connection_schema_json,
      "dimensions.schema.json": PackageResources.dimensions_schema_json,
      "entity.schema.json": PackageResources.entity_schema_json,
      "exceptions.schema.json": PackageResources.exceptions_schema_json,
      "intercompany.schema.json": PackageResources.intercompany_schema_json,
      "postern.schema.json": PackageResources.postern_schema_json,
      "source.schema.json": PackageResources.source_schema_json,
      "taxes.schema.json": PackageResources.taxes_schema_json,
      "tests.schema.json": PackageResources.tests_schema_json,
    ]
  }

  /// The schema of a file of the folder; nil for files that are no YAML of the configuration.
  package static func name(forFile file: String) -> String? {
    let parts = file.split(separator: "/")
    if parts.count == 3, parts[0] == "adapters", parts[2] == "adapter.yaml" {
      return "adapter.schema.json"
    }
    guard parts.count == 2, file.hasSuffix(".yaml") else {
      return ConfigurationFolder.topFiles.contains(file)
        ? String(file.dropLast(".yaml".count)) + ".schema.json" : nil
    }
    return switch parts[0] {
    case "accounts": "accounts.schema.json"
    case "connections": "connection.schema.json"
    case "entities": "entity.schema.json"
    case "sources": "source.schema.json"
    case "tests": "tests.schema.json"
    default: nil
    }
  }
}
