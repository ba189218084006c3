internal import AdapterKit

/// What every adapter of the catalogue can do, from their descriptors: `docs/adapters.md`.
struct AdapterMatrix {
  /// - Throws: what an example connection lacks.
  static func markdown(_ catalog: AdapterCatalog) throws -> String {
    let adapters = try catalog.kinds.map { ($0.name, try ExampleConnection($0).adapter()) }
    let rows = adapters.map { $0.1.descriptor.matrixRows($0.1.capabilities) }
    var text = """
      # What each adapter can do

      Made from the adapters' descriptors by `postern adapters list --matrix`; a test fails \
      when the two differ. Where an ERP can do less, the engine does the rest, or says what a person \
      has to decide.

      | | \(adapters.map(\.0).joined(separator: " | ")) |
      | --- |\(String(repeating: " --- |", count: adapters.count))

      """
    for (index, row) in (rows.first ?? []).enumerated() {
      text += "| \(row.name) | \(rows.map { $0[index].value }.joined(separator: " | ")) |\n"
    }
    text += "\n## What to know\n"
    for (name, adapter) in adapters {
      text += "\n**\(name)**: \(adapter.descriptor.summary).\n"
      for hint in adapter.descriptor.hints(adapter.capabilities) { text += "- \(hint)\n" }
    }
    return text
  }
}
