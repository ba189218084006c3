import AdapterKit
import Ledger
import PostingEngine
import PostingRules

// What concerns more than one posting: sets across entities, and what an ERP holds twice.

extension SimulatedWorld {
  /// A document is in all of its ERPs, or in none, or somebody is told.
  func checkSets(in queries: any PostingQueries) throws {
    for arrival in story.arrivals {
      for document in arrival.documents where document.partners.count > 0 {
        for stored in try queries.revisions(of: document.identity) {
          try checkSet(stored, in: queries)
        }
      }
    }
  }

  private func checkSet(_ stored: StoredDocument, in queries: any PostingQueries) throws {
    let postings = try queries.postings(of: stored.number).filter { $0.state != .cancelled }
    let open = postings.filter { !$0.state.isFinal }
    let originals = try postings.filter {
      try queries.entry($0.entry)?.entry.head.kind != .reversal
    }
    let isApart =
      !open.isEmpty && open.count < postings.count
      || Set(originals.map(\.state)).isSuperset(of: [.posted, .reversed])
    guard isApart else { return }
    let told = try queries.openExceptions(of: stored.number).map(\.exceptionClass)
    if !told.contains("half_posted"), !told.contains("set_compensated") {
      fail(.nothingSilent, "\(stored.identity) is posted in part, and nobody is told")
    }
  }

  /// Somebody ties the journal out with the books of every ERP.
  func reconcile() {
    guard let desk = workers.first(where: { $0.isUp }) else { return }
    var filter = ListFilter()
    filter.limit = ListFilter.maximumLimit
    for erp in erps {
      filter.connection = SimulatedGroup.connection(erp.number)
      let entries = queries { try $0.entries(filter) } ?? []
      var reconciliation = Reconciliation()
      for booking in erp.standingBooks {
        reconciliation.add(
          BookedPosting(
            number: booking.number, externalKey: booking.key.text,
            date: booking.entry.head.postingDate, lines: []))
      }
      for entry in entries { reconciliation.compare(entry) }
      let found = reconciliation
      let now = desk.clock
      desk.perform {
        _ = try desk.write { try found.raiseLateSuccesses(at: now, in: $0) }
      }
    }
  }

  /// What an ERP booked twice, because it works longer than was said, was told and is mended.
  func checkLateSuccesses(in queries: any PostingQueries) throws {
    var filter = ListFilter()
    filter.limit = ListFilter.maximumLimit
    let told = Set(
      try queries.exceptions(filter).filter { $0.exceptionClass == "late_success" }
        .compactMap(\.posting))
    for erp in erps {
      for key in lateKeys where erp.books.count(where: { $0.key == key }) > 1 {
        guard let posting = try queries.posting(of: key) else { continue }
        if !told.contains(posting.number) {
          fail(.nothingSilent, "erp-\(erp.number) booked \(key) twice, and nobody was told")
        }
        if erp.bookings(of: key).count > 1 {
          fail(.nothingTwice, "erp-\(erp.number) still holds \(key) twice")
        }
      }
    }
  }
}
