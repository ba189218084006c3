public import AdapterKit
public import Ledger

extension SAPS4HANAAdapter {
  /// Asks for rows with the key. None means absent only where the user sees other rows of the
  /// company: SAP shows a user without rights the same empty answer.
  public func find(_ key: PostingKey) async -> Finding {
    let text = settings.keyField.text(for: key)
    do throws(Problem) {
      let page = try await cube.rows(
        where: [(settings.field.rawValue, "eq", SAPCube.text(text))])
      guard page.rows.isEmpty, !page.hasMore else {
        return finding(of: page.rows, key, in: settings.field, text)
      }
      if !settings.ledgerGroups.isEmpty {
        // Which ledger the key is of, it does not say.
        let field = SAPS4HANASettings.Field.documentReference
        let page = try await cube.rows(
          where: [(field.rawValue, "eq", SAPCube.text(key.text))], inAllLedgers: true)
        guard page.rows.isEmpty, !page.hasMore else {
          return finding(of: page.rows, key, in: field, key.text)
        }
      }
      guard try await cube.rows(where: [], limit: 1).rows.isEmpty else { return .absent }
      return .cannotTell(
        .lookUpUnclear(
          "The ERP shows no document of company \(settings.company) at all: nothing tells whether "
            + "\(key) is absent or the user may not see it"))
    } catch {
      return .cannotTell(error)
    }
  }

  private func finding(
    of rows: [SAPCubeRow], _ key: PostingKey, in field: SAPS4HANASettings.Field, _ text: String
  ) -> Finding {
    guard rows.allSatisfy({ $0.reference(field) == text && $0.company == settings.company })
    else {
      return .cannotTell(
        .lookUpUnclear("The look-up of \(key) gave documents with other keys: it did not filter"))
    }
    let documents = Set(rows.map(\.document))
    // A reversal made in SAP may repeat the reference of the document that it reverses.
    let copies = rows.filter { row in
      row.isReversal == true
        && documents.contains { $0 != row.document && $0.isNumbered(row.reverses) }
    }
    let own = documents.subtracting(copies.map(\.document))
    return Finding(
      own.sorted { $0.objectKey < $1.objectKey }.map { document in
        FoundDocument(key: key.text, id: document.objectKey, number: document.number)
      }, for: key)
  }

  public func readPostings(
    of period: FiscalPeriod, consume: ([BookedPosting]) throws(Problem) -> Void
  ) async throws(Problem) {
    var skip = 0
    // A document may go on on the next page.
    var open: [SAPCubeRow] = []
    while true {
      let page = try await cube.rows(
        where: [
          ("PostingDate", "ge", SAPCube.day(period.firstDay)),
          ("PostingDate", "le", SAPCube.day(period.lastDay)),
        ], select: SAPCubeRow.whole, from: skip, inAllLedgers: !settings.ledgerGroups.isEmpty)
      skip += page.rows.count
      let isLast = !page.hasMore
      guard isLast || !page.rows.isEmpty else {
        throw .lookUpUnclear("The ERP's books go on after a page without rows")
      }
      let rows = open + page.rows
      let last = isLast ? nil : rows.last?.document
      open = rows.filter { $0.document == last }
      try consume(try postings(of: rows.filter { $0.document != last }))
      if isLast { return }
    }
  }

  private func postings(of rows: [SAPCubeRow]) throws(Problem) -> [BookedPosting] {
    var postings: [BookedPosting] = []
    var rest = rows[...]
    while let first = rest.first {
      let document = rest.prefix { $0.document == first.document }
      rest = rest.dropFirst(document.count)
      // Rows come once for each ledger; a document of a ledger group has those of its own alone.
      let ledger =
        document.contains { $0.ledger == settings.ledger } ? settings.ledger : first.ledger
      let own = document.filter { $0.ledger == ledger }
      let lines = own.compactMap(\.line)
      guard lines.count == own.count, let date = first.date else {
        throw .lookUpUnclear("Document \(first.number) of the ERP's books is not readable")
      }
      postings.append(
        BookedPosting(
          number: first.document.number, externalKey: key(in: first), date: date, lines: lines))
    }
    return postings
  }

  /// Our key, where the field holds one.
  private func key(in row: SAPCubeRow) -> String? {
    if let text = row.reference(settings.field), text.hasPrefix(settings.keyField.prefix),
      let key = PostingKey(String(text.dropFirst(settings.keyField.prefix.count)))
    {
      return key.text
    }
    guard !settings.ledgerGroups.isEmpty else { return nil }
    return row.documentReference.flatMap { PostingKey($0) }?.text
  }
}
