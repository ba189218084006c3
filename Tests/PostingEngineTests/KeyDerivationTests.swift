import Ledger
import PostingEngine
import TestSupport
import Testing

/// A key that changes would post an entry a second time: these never change.
@Suite struct KeyDerivationTests {
  private func head(
    entity: String = "ACME-DE", ledger: String = "primary", kind: EntryKind = .invoice,
    source: String = "billing-eu", type: DocumentType = .invoice, id: String = "INV-1",
    revision: Int = 1, sequence: Int = 1
  ) -> EntryHead {
    EntryHead(
      legalEntity: LegalEntityID(entity), ledger: ledger, kind: kind,
      postingDate: Sample.day("2026-03-02"), documentDate: Sample.day("2026-03-02"),
      currency: Sample.euro, functionalCurrency: Sample.euro, reference: "INV-1",
      description: "Invoice",
      source: EntrySource(
        document: DocumentIdentity(source: source, type: type, id: id), revision: revision,
        sequence: sequence), rulesVersion: "sha256:1")
  }

  private let keys = KeyDerivation(installation: "installation-1")

  @Test func `keys are what they always were`() {
    let derived = [
      keys.key(of: head()), keys.key(of: head(kind: .payment, type: .payment, id: "P/1|x y")),
      keys.key(of: head(entity: "ÄÖ", id: "Rechnung №7", revision: 12, sequence: 3)),
      keys.setKey(of: head().source.document, revision: 1),
    ].map(\.text)
    #expect(
      derived == ["YC5MFTMDM7KJJWMP", "QVUF81GH3CVXYDC4", "1X6BG519DQAPGKW9", "LYUUSKAPATPZTNYZ"])
  }

  @Test func `every part of what an entry is changes its key`() {
    let heads = [
      head(), head(entity: "ACME-D"), head(ledger: "ifrs"), head(kind: .reversal),
      head(source: "billing"), head(type: .creditMemo), head(id: "INV-2"), head(revision: 2),
      head(sequence: 2), head(source: "billing-e", id: "uINV-1"), head(revision: 11, sequence: 1),
      head(revision: 1, sequence: 11),
    ]
    var all = Set(heads.map { keys.key(of: $0) })
    #expect(all.count == heads.count)
    all.insert(KeyDerivation(installation: "installation-2").key(of: head()))
    all.insert(keys.setKey(of: head().source.document, revision: 1))
    #expect(all.count == heads.count + 2)
  }

  @Test func `what is not part of an entry's identity leaves the key alone`() {
    var other = head()
    other.postingDate = Sample.day("2027-01-01")
    other.description = "Other"
    other.rulesVersion = "sha256:2"
    #expect(keys.key(of: other) == keys.key(of: head()))
  }

  @Test func `no two lists of parts read the same`() {
    #expect(
      keys.key(of: head(source: "a", id: "bc")) != keys.key(of: head(source: "ab", id: "c")))
  }

  @Test(arguments: Seed.forThisRun)
  func `a key has 16 characters of A to Z and 0 to 9`(seed: Seed) {
    var random = SeededGenerator(seed)
    let id = String(UInt64.random(in: 0...UInt64.max, using: &random), radix: 36)
    let key = keys.key(of: head(id: id)).text
    #expect(key.utf8.count == 16)
    #expect(PostingKey(key) != nil)
  }
}
