import Intake
import Ledger
import TestSupport
import Testing
import XMLTree

/// Documents that others published, beside the repository.
@Suite(.enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
struct SharedDocumentTests {
  static let files =
    SharedData.files(in: "en16931", withExtensions: ["xml", "XML"])
    + SharedData.files(in: "peppol", withExtensions: ["xml"])

  static let source = IntakeSource(
    code: "any", entity: LegalEntityID("DEMO"), approval: .trusted, identity: .sellerAndNumber)

  @Test(arguments: files)
  func `takes every published document, and its figures tie`(file: String) throws {
    let document = try #require(try taken(file))
    try expectKept(document)
    let content = try #require(document.content)
    let totals = content.totals
    let net = content.lines.reduce(Money.zero(document.currency)) { $0 + $1.net }
    let tax = content.documentTaxes.reduce(Money.zero(document.currency)) {
      $0 + ($1.amount ?? .zero(document.currency))
    }
    #expect(totals.net == net)
    #expect(totals.tax == tax)
    #expect(totals.gross == totals.net + totals.tax)
    #expect(!totals.gross.isNegative)
    #expect(Set(content.lines.map(\.id)).count == content.lines.count)
    let codes = Set(content.documentTaxes.map(\.code))
    for line in content.lines {
      #expect(line.taxes.allSatisfy { codes.contains($0.code) }, "\(file) \(line.id)")
    }
  }

  func taken(_ file: String) throws -> Document? {
    switch EN16931Reader(source: Self.source).read(try SharedData.read(file)) {
    case .document(let document): return document
    case .refused(let refusal):
      Issue.record("\(refusal.problems)")
      return nil
    }
  }
}

extension Document {
  /// Lines, taxes and totals of an invoice or credit memo.
  var content: BilledContent? {
    switch body {
    case .invoice(let invoice): invoice.content
    case .creditMemo(let memo): memo.content
    default: nil
    }
  }
}
