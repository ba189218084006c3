import Intake
import Ledger
import Testing

@Suite struct IntakeReaderTests {
  private static func document(_ change: (inout String) -> Void = { _ in }) -> [UInt8] {
    var text = #"""
      {"type":"invoice","source":"crm","id":"INV-1","entity":"ACME-DE","documentDate":"2026-10-31",
       "currency":"EUR","customer":{"id":"C-1","country":"FR"},
       "approval":{"by":"ops","at":"2026-10-31T22:15:00Z"},
       "lines":[{"id":"1","product":"P","net":"10.00","quantity":"2","unitPrice":"5",
         "taxes":[{"code":"S-19","base":"10.00","amount":"1.90"}]}],
       "totals":{"net":"10.00","tax":"1.90","gross":"11.90"}}
      """#
    change(&text)
    return Array(text.utf8)
  }

  private static let reader = IntakeReader(
    sources: [
      IntakeSource(code: "crm"),
      IntakeSource(code: "shop", entity: LegalEntityID("ACME-US"), approval: .trusted),
      IntakeSource(
        code: "group", entity: LegalEntityID("ACME-DE"),
        entityFrom: EntityMapping(
          field: .customerCountry, entities: ["FR": LegalEntityID("ACME-FR")])),
      IntakeSource(code: "peppol", format: .ubl),
    ], defaultSource: "shop")

  private func refusal(_ result: IntakeResult) -> IntakeRefusal? {
    guard case .refused(let refusal) = result else { return nil }
    return refusal
  }

  private func document(_ result: IntakeResult) -> Document? {
    guard case .document(let document) = result else { return nil }
    return document
  }

  @Test func `reads a document by the settings of the source it names`() throws {
    let read = try #require(
      document(IntakeReaderTests.reader.read(IntakeReaderTests.document())))
    #expect(read.identity == DocumentIdentity(source: "crm", type: .invoice, id: "INV-1"))
    #expect(read.entity == LegalEntityID("ACME-DE"))
  }

  @Test func `reads a document that names no source by the default, or by the way it came`() throws
  {
    let bytes = IntakeReaderTests.document {
      $0 = $0.replacing(#""source":"crm","#, with: "")
        .replacing(#""entity":"ACME-DE","#, with: "")
    }
    let byDefault = try #require(document(IntakeReaderTests.reader.read(bytes)))
    #expect(byDefault.identity.source == "shop")
    #expect(byDefault.entity == LegalEntityID("ACME-US"))
    let byWay = try #require(document(IntakeReaderTests.reader.read(bytes, from: "group")))
    #expect(byWay.identity.source == "group")
    #expect(byWay.entity == LegalEntityID("ACME-FR"))
  }

  @Test func `a trusted source is the approver, any other has to name one`() throws {
    func bytes(_ source: String) -> [UInt8] {
      IntakeReaderTests.document {
        $0 = $0.replacing("crm", with: source)
          .replacing(#""approval":{"by":"ops","at":"2026-10-31T22:15:00Z"},"#, with: "")
      }
    }
    let trusted = try #require(document(IntakeReaderTests.reader.read(bytes("shop"))))
    #expect(trusted.approval == Approval(by: "shop", at: nil))
    let refused = try #require(refusal(IntakeReaderTests.reader.read(bytes("crm"))))
    #expect(refused.problems.map(\.code) == ["not_approved"])
    #expect(
      refused.identity.complete
        == DocumentIdentity(source: "crm", type: .invoice, id: "INV-1"))
  }

  @Test func `refuses a source it does not know, with every other fault`() throws {
    let bytes = IntakeReaderTests.document {
      $0 = $0.replacing("crm", with: "erp").replacing("EUR", with: "EUX")
    }
    let refused = try #require(refusal(IntakeReaderTests.reader.read(bytes)))
    #expect(refused.problems.map(\.code) == ["unknown_source", "unknown_currency"])
    let byWay = try #require(
      refusal(IntakeReaderTests.reader.read(IntakeReaderTests.document(), from: "nobody")))
    #expect(byWay.problems.map(\.code) == ["unknown_source"])
  }

  @Test func `refuses a document that names another source than the one it came through`() throws {
    let refused = try #require(
      refusal(IntakeReaderTests.reader.read(IntakeReaderTests.document(), from: "shop")))
    #expect(refused.problems.map(\.code) == ["source_mismatch"])
    #expect(refused.problems.map(\.pointer) == ["/source"])
  }

  @Test func `turns a negative invoice into a credit memo that keeps its identity`() throws {
    let bytes = IntakeReaderTests.document {
      $0 = $0.replacing(#""10.00""#, with: #""-10.00""#).replacing(#""1.90""#, with: #""-1.90""#)
        .replacing(#""11.90""#, with: #""-11.90""#).replacing(#""2""#, with: #""-2""#)
    }
    let eur = try #require(Currency("EUR"))
    let read = try #require(document(IntakeReaderTests.reader.read(bytes)))
    #expect(read.identity.type == .invoice)
    guard case .creditMemo(let memo) = read.body else {
      Issue.record("the body is a credit memo's")
      return
    }
    #expect(memo.content.totals.gross == Money(minorUnits: 1_190, eur))
    #expect(memo.content.totals.payable == Money(minorUnits: 1_190, eur))
    let line = try #require(memo.content.lines.first)
    #expect(line.net == Money(minorUnits: 1_000, eur))
    #expect(line.quantity == ExactDecimal(2))
    #expect(line.unitPrice == ExactDecimal(5))
    #expect(line.taxes.map(\.amount) == [Money(minorUnits: 190, eur)])
    #expect(line.taxes.map(\.base) == [Money(minorUnits: 1_000, eur)])
  }

  @Test func `refuses a negative prepayment invoice`() throws {
    let bytes = IntakeReaderTests.document {
      $0 = $0.replacing(#""10.00""#, with: #""-10.00""#).replacing(#""1.90""#, with: #""-1.90""#)
        .replacing(#""11.90"}"#, with: #""-11.90"},"prepayment":true"#)
    }
    let refused = try #require(refusal(IntakeReaderTests.reader.read(bytes)))
    #expect(refused.problems.map(\.code) == ["cannot_mirror"])
  }

  @Test(
    arguments: [
      ("{}", IntakeFormat.auto, nil, "missing_field"), ("<x/>", .auto, nil, "unsupported_format"),
      ("<x/>", .json, nil, "invalid_json"), ("{}", .auto, "peppol", "invalid_xml"),
      ("\u{FEFF}{}", .auto, nil, "invalid_json"), ("", .auto, nil, "invalid_json"),
    ] as [(String, IntakeFormat, String?, String)])
  func `chooses the reader by the format asked for, the source, or the first bytes`(
    text: String, format: IntakeFormat, source: String?, code: String
  ) throws {
    let refused = try #require(
      refusal(IntakeReaderTests.reader.read(Array(text.utf8), format: format, from: source)))
    #expect(refused.problems.first?.code == code)
  }

  @Test func `refuses amounts whose sums could overflow, though they cancel each other`() throws {
    func bytes(pairs: Int) -> [UInt8] {
      let lines = (0..<pairs * 2).map {
        "{\"id\":\"\($0)\",\"product\":\"P\",\"net\":\"\($0 < pairs ? "" : "-")9999999999999.99\"}"
      }
      return IntakeReaderTests.document {
        let start = $0.firstRange(of: #""lines":["#)
        let end = $0.firstRange(of: "}],\n \"totals\"")
        guard let start, let end else { return }
        $0.replaceSubrange(
          start.upperBound..<end.upperBound, with: lines.joined(separator: ",") + "],\"totals\"")
        $0 = $0.replacing(
          #""totals":{"net":"10.00","tax":"1.90","gross":"11.90"}"#,
          with: #""totals":{"net":"0.00","tax":"0.00","gross":"0.00"}"#)
      }
    }
    #expect(document(IntakeReaderTests.reader.read(bytes(pairs: 50))) != nil)
    let refused = try #require(refusal(IntakeReaderTests.reader.read(bytes(pairs: 51))))
    #expect(refused.problems.map(\.code) == ["amount_too_large"])
  }

  @Test func `refuses a body past the limit`() throws {
    let reader = IntakeReader(
      sources: [IntakeSource(code: "crm")], limits: IntakeLimits(bodyBytes: 100))
    let refused = try #require(refusal(reader.read(IntakeReaderTests.document())))
    #expect(refused.problems.map(\.code) == ["too_large"])
  }
}
