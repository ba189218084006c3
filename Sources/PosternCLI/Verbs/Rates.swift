internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import LedgerJSON
internal import PosternConfiguration
internal import PostingRules
internal import StrictJSON

/// Exchange rates.
struct Rates: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring exchange rates into the configuration.", subcommands: [Import.self])

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add the rates of a file to rates/.",
      discussion: """
        Reads the history of the European Central Bank (eurofxref-hist.csv) and files in the layout \
        of rates/. A rate that contradicts one that is here, or a gap, is refused and nothing is \
        written. Rates are never inverted when documents are converted: books in euro need --inverse.
        """)

    @Argument(help: "The file to read.")
    var file: String

    @Option(help: "The type of rates whose file names none, such as spot or closing.")
    var type: String?

    @Option(help: "Who says so, where the file does not.")
    var source = RateImport.Options().source

    @Option(help: "Leave out rates before this day.")
    var since: String?

    @Flag(help: "Add the inverse of each rate.")
    var inverse = false

    @Option(help: "More days between two rates of a pair are a gap; 0 allows any.")
    var gap = RateImport.longestGap

    @Option(help: "The file in rates/ that takes them, without its ending.")
    var name: String?

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let installation = try Installation(options)
      let findings = FindingList()
      var wanted = RateImport.Options()
      wanted.type = type
      wanted.source = source
      wanted.addsInverse = inverse
      wanted.longestGap = gap == 0 ? nil : gap
      wanted.since = try since.map { try CalendarDate(option: $0, of: "--since") }
      let read = RateImport(try InputFile.bytes(of: file), file: file, wanted, into: findings)
      let merge = RateMerge(
        read.rows, into: installation.configuration.rates, file: file, findings: findings)
      guard !findings.hasErrors else { throw ConfigurationFaults(findings: findings.sorted) }
      let target = "rates/\(name ?? source.lowercased()).csv"
      if !merge.added.isEmpty { try write(merge.added, to: target, in: installation) }
      report(merge, target, installation)
    }

    private func write(
      _ added: [RateTable.Row], to target: String, in installation: Installation
    ) throws {
      guard !target.dropFirst("rates/".count).contains("/") else {
        throw Problem(
          code: "usage", pointer: "--name", detail: "'\(target)' is no file in rates/",
          fix: "Name a file without folders")
      }
      let path = installation.folder + "/" + target
      let findings = FindingList()
      let present = FileManager.default.contents(atPath: path).map {
        RateReader(findings: findings).read([UInt8]($0), file: target)
      }
      try FileManager.default.createDirectory(
        atPath: installation.folder + "/rates", withIntermediateDirectories: true)
      try Data(RateMerge.text((present ?? []) + added).utf8)
        .write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Entities into whose currency no rate leads, though rates lead out of it.
    private func booksWithoutRates(
      _ rows: [RateTable.Row], _ installation: Installation
    ) -> [LegalEntityID] {
      let sources = Set(rows.map(\.rate.from))
      let targets = Set(rows.map(\.rate.to))
      return installation.configuration.rules.entities.values.map(\.entity).filter {
        sources.contains($0.functionalCurrency) && !targets.contains($0.functionalCurrency)
      }.map(\.id).sorted()
    }

    private func report(_ merge: RateMerge, _ target: String, _ installation: Installation) {
      let dates = merge.added.map(\.rate.date)
      let unused = booksWithoutRates(merge.added, installation)
      if !unused.isEmpty {
        Console.error(
          "note: the books of \(unused.map(\.code).joined(separator: ", ")) use none of these: "
            + "rates are never inverted when documents are converted. Add --inverse")
      }
      guard options.isJSON else {
        let span =
          dates.min().flatMap { first in dates.max().map { ", \(first) to \($0)" } } ?? ""
        return Console.print(
          "\(merge.added.count) rates added to \(target)\(span); "
            + "\(merge.repeated) were here already.")
      }
      var writer = JSONWriter()
      writer.object { writer in
        writer.string("file", target)
        writer.key("added")
        writer.number(merge.added.count)
        writer.key("repeated")
        writer.number(merge.repeated)
        writer.date("from", dates.min())
        writer.date("through", dates.max())
      }
      Console.print(bytes: writer.bytes)
    }
  }
}
