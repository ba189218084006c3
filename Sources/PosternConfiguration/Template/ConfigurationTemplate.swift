import Foundation
package import Ledger

/// The first configuration, which `postern init` writes: it works at once against the mock ERP.
package struct ConfigurationTemplate: Sendable {
  /// What was written, and what is left to do.
  package struct Result: Hashable, Sendable {
    /// The files, relative to the folder, sorted.
    package let files: [String]
    /// The roles that found no account in the chart that was given, by name; empty without one.
    package let unmappedRoles: [AccountRole]
  }

  /// A chart of accounts of one's own.
  package struct ImportedChart: Sendable {
    /// The name that the file gets in `charts/`.
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  private static let demoChart = "charts/demo.csv"
  private static let sampleRates = "rates/sample.csv"

  /// By path in the folder.
  package let files: [String: [UInt8]]
  package let unmappedRoles: [AccountRole]

  /// - Parameters:
  ///   - chart: nil for the one that comes with the template.
  ///   - generator: makes the installation's id.
  /// - Throws: ``ConfigurationFaults`` when the chart cannot be read.
  package init(
    chart: ImportedChart? = nil, using generator: inout some RandomNumberGenerator
  ) throws(ConfigurationFaults) {
    let (chartFile, chartBytes, imported) = try Self.place(chart)
    let accounts = FallbackAccounts(chart: imported)
    let texts = TemplateFiles(
      installation: Self.installationID(using: &generator), chartFile: chartFile,
      accounts: accounts
    ).texts
    var files = texts.mapValues { [UInt8]($0.utf8) }
    files[chartFile] = chartBytes
    files[Self.sampleRates] = PackageResources.rates_sample_csv
    for (name, bytes) in ConfigurationSchemas.files { files["schemas/\(name)"] = bytes }
    self.files = files
    unmappedRoles = AccountRole.allCases.filter { role in
      accounts.rows(of: role).contains { $0.account == FallbackAccounts.unmapped(role) }
    }
  }

  private static func place(
    _ chart: ImportedChart?
  ) throws(ConfigurationFaults) -> (file: String, bytes: [UInt8], imported: ChartOfAccounts?) {
    guard let chart else { return (demoChart, PackageResources.chart_demo_csv, nil) }
    let findings = FindingList()
    let imported = ChartReader(findings: findings).read(chart.bytes, file: chart.name)
    guard let imported, !findings.hasErrors else {
      throw ConfigurationFaults(findings: findings.sorted)
    }
    let plain = chart.name.filter { $0.isLetter || $0.isNumber || "-_.".contains($0) }
      .drop { $0 == "." }
    let name = plain.isEmpty || plain == "csv" ? "chart.csv" : String(plain)
    let file = "charts/" + (name.hasSuffix(".csv") ? name : name + ".csv")
    return (file, chart.bytes, imported)
  }

  /// 128 random bits in hexadecimal digits.
  private static func installationID(using generator: inout some RandomNumberGenerator) -> String {
    (0..<2).map { _ in
      let digits = String(generator.next(), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Writes the files into a folder, which is made when it is not there.
  ///
  /// - Throws: ``Problem`` `folder_not_empty`, when anything but a `.git` lies in the folder, or
  ///   `not_writable`.
  package func write(to path: String) throws(Problem) -> Result {
    let manager = FileManager.default
    let isThere = manager.fileExists(atPath: path)
    if isThere {
      guard let names = try? manager.contentsOfDirectory(atPath: path) else {
        throw Problem(
          code: "not_writable", pointer: path, detail: "'\(path)' is no folder that can be read",
          fix: "Name another folder")
      }
      guard names.allSatisfy({ $0 == ".git" }) else {
        throw Problem(
          code: "folder_not_empty", pointer: path,
          detail: "The folder '\(path)' is not empty; nothing was written",
          fix: "Name a folder that is empty or does not exist")
      }
    }
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      let url = URL(fileURLWithPath: path + "/" + name)
      do {
        try manager.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
      } catch {
        throw Problem(
          code: "not_writable", pointer: path + "/" + name,
          detail: "The file cannot be written: \(error.localizedDescription)",
          fix: "Check the rights on the folder and the space on the disk")
      }
    }
    return Result(files: files.keys.sorted(), unmappedRoles: unmappedRoles)
  }
}
