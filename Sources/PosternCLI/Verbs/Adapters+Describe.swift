internal import AdapterConformance
internal import AdapterKit
internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import PosternConfiguration

/// What an adapter's ERP can do, as data: the file that the next certificate compares with.
struct DescribeAdapter: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Print an adapter's descriptor as JSON: what is kept as descriptor.json.")

  @Argument(help: "The adapter: one of the catalogue, or of the configuration folder.")
  var name: String
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    Console.print(
      bytes: Array(try DescribeAdapter.facts(of: name, in: options.folder).json.dropLast()))
  }

  /// What connections cannot change: those of an example, or of the declaration itself.
  static func facts(of name: String, in folder: String) throws -> DescriptorFacts {
    if let kind = AdapterCatalog.standard.kinds.first(where: { $0.name == name }) {
      let adapter = try ExampleConnection(kind).adapter()
      return DescriptorFacts(adapter.descriptor, adapter.capabilities)
    }
    let options = try GlobalOptions.parse(["--config", folder])
    guard let declared = try Installation(options).configuration.adapter(name) else {
      throw Problem(
        code: "unknown_adapter", pointer: folder, detail: "There is no adapter '\(name)'",
        fix: "Name one of: " + AdapterCatalog.standard.kinds.map(\.name).joined(separator: ", "))
    }
    return try FolderAdapter(declared).facts()
  }

  /// The descriptor kept of the last release: in the configuration folder, else where adapters are
  /// developed; nil where there is none.
  static func release(of name: String, in folder: String) throws -> DescriptorFacts? {
    for root in [folder, "."] {
      let path = "\(root)/adapters/\(name)/descriptor.json"
      if let data = FileManager.default.contents(atPath: path) {
        do {
          return try DescriptorFacts(json: [UInt8](data))
        } catch {
          throw Problem(
            code: "invalid_json", pointer: path, detail: "It is no JSON object of texts",
            fix: "Write it anew with 'postern adapters describe \(name)'")
        }
      }
    }
    return nil
  }
}
