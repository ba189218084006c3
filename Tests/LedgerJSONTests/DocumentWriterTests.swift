import Ledger
import LedgerJSON
import StrictJSON
import TestSupport
import Testing

@Suite struct DocumentWriterTests {
  @Test(arguments: Seed.forThisRun)
  func `a document that is written is read back the same`(seed: Seed) throws {
    var random = RandomDocument(seed)
    for type in DocumentType.allCases {
      for _ in 0..<4 {
        let document = random.document(type)
        let bytes = DocumentWriter.bytes(of: document)
        let copy = try DocumentReader.stored.read(bytes).get()
        #expect(copy == document)
        #expect(DocumentWriter.bytes(of: copy) == bytes)
      }
    }
  }

  @Test(arguments: Samples.all)
  func `what intake takes is the same after writing, and intake takes it again`(
    sample: String
  ) throws {
    let document = try DocumentReader().read(Array(sample.utf8)).get()
    let bytes = DocumentWriter.bytes(of: document)
    #expect(try DocumentReader.stored.read(bytes).get() == document)
    #expect(try DocumentReader().read(bytes).get() == document)
  }

  @Test func `ways of writing the same document give the same bytes`() throws {
    let other = Samples.example
      .replacing(#""rate": "19""#, with: #""rate": "19.00""#)
      .replacing(#""net": "60.00""#, with: #""net": "60.0", "kind": "\u0075sage""#)
      .replacing(#""kind": "usage", "#, with: "")
      .replacing(#""currency": "EUR""#, with: #""revision": 1, "currency": "EUR", "schema": "1""#)
      .replacing(
        #""gross": "1499.40""#, with: #""gross": "1499.40", "payable": "1499.4", "rounding": "0""#)
    let first = try DocumentReader().read(Array(Samples.example.utf8)).get()
    let second = try DocumentReader().read(Array(other.utf8)).get()
    #expect(first == second)
    #expect(DocumentWriter.bytes(of: first) == DocumentWriter.bytes(of: second))
  }

  @Test func `writes the example of the contract in its order, defaults left out`() throws {
    let document = try DocumentReader().read(Array(Samples.example.utf8)).get()
    #expect(
      String(decoding: DocumentWriter.bytes(of: document), as: UTF8.self) == #"""
        {"type":"invoice","source":"billing-eu","id":"INV-2026-00042","entity":"ACME-DE",\#
        "documentDate":"2026-10-31","currency":"EUR",\#
        "customer":{"id":"C-1007","name":"Nordlicht GmbH","country":"DE","taxId":"DE123456789"},\#
        "approval":{"by":"billing-run-2026-10","at":"2026-10-31T22:15:00Z"},"dueDate":"2026-11-30",\#
        "lines":[{"id":"1","product":"PRO-PLAN","family":"subscription","net":"1200.00",\#
        "taxes":[{"code":"DE-19","category":"S","rate":"19","base":"1200.00","amount":"228.00"}],\#
        "servicePeriod":{"from":"2026-11-01","through":"2027-10-31"}},\#
        {"id":"2","kind":"usage","product":"API-CALLS","family":"usage","quantity":"120000",\#
        "unitPrice":"0.0005","net":"60.00",\#
        "taxes":[{"code":"DE-19","category":"S","rate":"19","base":"60.00","amount":"11.40"}],\#
        "usage":{"meter":"api-calls","quantity":"120000",\#
        "period":{"from":"2026-10-01","through":"2026-10-31"}}}],\#
        "totals":{"net":"1260.00","tax":"239.40","gross":"1499.40"}}
        """#)
  }

  @Test func `marks a mirrored document, which intake refuses`() throws {
    var document = try DocumentReader().read(Array(Samples.creditMemo.utf8)).get()
    document.identity = DocumentIdentity(source: "billing-eu", type: .invoice, id: "X-1")
    let bytes = DocumentWriter.bytes(of: document)
    #expect(try JSONText(bytes).root["mirrored"]?.bool == true)
    #expect(try DocumentReader.stored.read(bytes).get() == document)
    guard case .failure(let faults) = DocumentReader().read(bytes) else {
      Issue.record("intake took a mirrored document")
      return
    }
    #expect(faults.problems.map(\.pointer).contains("/mirrored"))
  }
}
