internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import PosternConfiguration
internal import StrictJSON

/// Writes a first configuration.
struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a small configuration that works at once against the mock ERP.",
    discussion: """
      The entity DEMO takes any valid EN 16931 invoice of any seller. Refuses a folder that is \
      not empty.
      """)

  @Argument(help: "The folder; default: as --config says.")
  var folder: String?

  @Option(
    help: ArgumentHelp(
      "A chart of accounts: CSV with number,name and optionally type.", valueName: "file.csv"))
  var chart: String?

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let target = folder ?? options.folder
    var imported: ConfigurationTemplate.ImportedChart?
    if let chart {
      guard let data = FileManager.default.contents(atPath: chart) else {
        throw Problem(
          code: "usage", pointer: chart, detail: "The chart cannot be read",
          fix: "Name a CSV file with the columns number,name,type")
      }
      imported = ConfigurationTemplate.ImportedChart(
        name: URL(fileURLWithPath: chart).lastPathComponent, bytes: [UInt8](data))
    }
    var generator = SystemRandomNumberGenerator()
    let template = try ConfigurationTemplate(chart: imported, using: &generator)
    let result = try template.write(to: target)
    guard !options.isJSON else {
      var writer = JSONWriter()
      writer.object { writer in
        writer.key("folder")
        writer.string(target)
        writer.key("files")
        writer.array { writer in for file in result.files { writer.string(file) } }
        writer.key("unmappedRoles")
        writer.array { writer in
          for role in result.unmappedRoles { writer.string(role.rawValue) }
        }
      }
      Console.print(bytes: writer.bytes)
      return
    }
    Console.print("Wrote \(result.files.count) files to \(target).")
    if !result.unmappedRoles.isEmpty {
      Console.print(
        "These roles found no account in your chart; set one in accounts/<role>.yaml: "
          + result.unmappedRoles.map(\.rawValue).joined(separator: ", "))
    }
    Console.print(
      """
      Next:
        postern --help
        postern check --config \(target)
        postern explain INVOICE.xml --config \(target)
      """)
  }
}
