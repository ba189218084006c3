import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing

/// What a store should say, kept in plain arrays.
private struct Model {
  struct Stored {
    var number: DocumentNumber
    var sample: Sample
    var state = DocumentState.accepted
    var open = [StoredOpenItemChange.Part.receivable: Int64(11_900)]
    var isWaiting = false
  }

  var documents: [Stored] = []
  var postings: [StoredPosting] = []
  var predecessors: [PostingNumber: [PostingNumber]] = [:]

  private func isClaimable(_ posting: StoredPosting) -> Bool {
    switch posting.state {
    case .due, .unknown: true
    case .waiting where posting.reason == .period: posting.notBefore != nil
    case .waiting: posting.reason == .backoff || posting.reason == .quota
    // To be looked up once more.
    case .posted: posting.notBefore != nil
    default: false
    }
  }

  /// Of those with a moment of their own only the earliest `limit` are looked at.
  func claimable(at now: Int64, limit: Int) -> [PostingNumber] {
    let ready = postings.filter { isClaimable($0) && ($0.notBefore?.milliseconds ?? 0) <= now }
    let timed = ready.filter { $0.notBefore != nil }
      .sorted { ($0.wakes, $0.number) < ($1.wakes, $1.number) }
      .prefix(limit)
    let both = ready.filter { $0.notBefore == nil } + timed
    return Array(both.map(\.number).sorted().prefix(limit))
  }

  func pollable(at now: Int64) -> Set<PostingNumber> {
    Set(postings.filter { $0.state == .submitted && $0.wakes <= now }.map(\.number))
  }

  func lapsed(at now: Int64) -> Set<PostingNumber> {
    Set(
      postings.filter { posting in
        guard let lease = posting.leasedUntil?.milliseconds else {
          return posting.state == .sending && now > 0
        }
        return lease < now
      }.map(\.number))
  }

  var nextDue: Int64? {
    postings.filter { isClaimable($0) || $0.state == .submitted }.map(\.wakes).min()
  }

  func unposted(before number: PostingNumber) -> [PostingNumber] {
    (predecessors[number] ?? []).filter { predecessor in
      postings.contains {
        $0.number == predecessor && $0.state != .posted && $0.state != .reversed
      }
    }
  }

  func waiting(for number: PostingNumber) -> [PostingNumber] {
    postings.filter {
      $0.state == .waiting && predecessors[$0.number]?.contains(number) == true
    }.map(\.number)
  }
}

extension StoredPosting {
  fileprivate var wakes: Int64 { notBefore?.milliseconds ?? 0 }
}

@Suite struct StoreModelTests {
  private struct Undone: Error {}

  @Test(arguments: Seed.forThisRun.prefix(16))
  func `any sequence of changes leaves what a plain model holds`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    let fixture = try StoreFixture()
    var store = fixture.store
    var model = Model()
    for _ in 0..<25 {
      let isUndone = Int.random(in: 0..<5, using: &random) == 0
      var changed = model
      do {
        try store.write { transaction in
          for _ in 0..<Int.random(in: 1...6, using: &random) {
            try change(&changed, in: transaction, using: &random)
          }
          // What a transaction wrote, it reads.
          try compare(transaction, changed, using: &random)
          if isUndone { throw Undone() }
        }
        model = changed
      } catch is Undone {}
      if Int.random(in: 0..<8, using: &random) == 0 {
        store = try SQLStore(file: fixture.file)
      }
      try store.read { try compare($0, model, using: &random) }
    }
    #expect(try store.integrityCheck() == [])
  }

  private func change(
    _ model: inout Model, in transaction: any PostingTransaction,
    using random: inout SeededGenerator
  ) throws {
    switch Int.random(in: 0..<6, using: &random) {
    case 0, 1: try accept(&model, in: transaction, using: &random)
    case 2, 3: try move(&model, in: transaction, using: &random)
    case 4:
      guard let index = model.documents.indices.randomElement(using: &random) else { return }
      let part = StoredOpenItemChange.Part.allCases.randomElement(using: &random) ?? .credit
      let amount = Int64.random(in: -500...500, using: &random)
      let document = model.documents[index].number
      try transaction.insert(
        StoredOpenItemChange(
          item: document, part: part, by: document, amount: Sample.euros(amount)))
      model.documents[index].open[part, default: 0] += amount
    default:
      guard let index = model.documents.indices.randomElement(using: &random) else { return }
      let document = model.documents[index].number
      let state = DocumentState.allCases.randomElement(using: &random) ?? .posted
      try transaction.setState(state, of: document)
      model.documents[index].state = state
      if model.documents[index].isWaiting {
        try transaction.removeWait(of: document)
      } else {
        try transaction.insert(
          DocumentWait(
            document: document, reason: .reference, references: [Sample("0").identity],
            detail: "", until: Moment(milliseconds: 5)))
      }
      model.documents[index].isWaiting.toggle()
    }
  }

  private func accept(
    _ model: inout Model, in transaction: any PostingTransaction,
    using random: inout SeededGenerator
  ) throws {
    var sample = Sample("\(Int.random(in: 0..<10, using: &random))")
    sample.revision = model.documents.filter { $0.sample.id == sample.id }.count + 1
    let after = Set(
      (0..<2).compactMap { _ in model.postings.randomElement(using: &random)?.number }
    )
    .sorted()
    let state: PostingState = after.isEmpty ? .due : .waiting
    let reason: WaitingReason? = after.isEmpty ? nil : .order
    let accepted = try sample.accept(in: transaction, state: state, reason: reason, after: after)
    model.documents.append(Model.Stored(number: accepted.document, sample: sample))
    model.predecessors[accepted.posting] = after
    model.postings.append(
      StoredPosting(
        number: accepted.posting, entry: sample.key, document: accepted.document,
        entity: sample.entity, connection: Sample.erp, state: state, reason: reason,
        notBefore: nil, attemptCount: 0, isDoubtful: false, fence: 0, leasedUntil: nil,
        ticket: nil, receipt: nil))
  }

  private func move(
    _ model: inout Model, in transaction: any PostingTransaction,
    using random: inout SeededGenerator
  ) throws {
    let open = model.postings.indices.filter { !model.postings[$0].state.isFinal }
    guard let index = open.randomElement(using: &random) else { return }
    func moment() -> Moment? {
      let milliseconds = Int64.random(in: -3...20, using: &random)
      return milliseconds > 0 ? Moment(milliseconds: milliseconds) : nil
    }
    var posting = model.postings[index]
    posting.state = PostingState.allCases.randomElement(using: &random) ?? .due
    posting.reason = WaitingReason.allCases.randomElement(using: &random)
    posting.notBefore = moment()
    posting.leasedUntil = moment()
    posting.attemptCount += 1
    posting.fence += 1
    try transaction.update(posting)
    model.postings[index] = posting
  }

  private func compare(
    _ queries: any PostingQueries, _ model: Model, using random: inout SeededGenerator
  ) throws {
    let now = Int64.random(in: 0...21, using: &random)
    let moment = Moment(milliseconds: now)
    let limit = Int.random(in: 1...8, using: &random)
    var everything = ListFilter()
    everything.limit = .max
    let claimable = try queries.claimable(Sample.erp, at: moment, limit: limit).map(\.number)
    #expect(claimable == model.claimable(at: now, limit: limit))
    let pollable = try queries.pollable(Sample.erp, at: moment, limit: .max).map(\.number)
    #expect(Set(pollable) == model.pollable(at: now))
    let lapsed = try queries.lapsed(at: moment, limit: .max).map(\.number)
    #expect(Set(lapsed) == model.lapsed(at: now))
    let nextDue = try queries.nextDue(Sample.erp)?.milliseconds
    #expect(nextDue == model.nextDue)
    let postings = try queries.postings(everything)
    #expect(postings == model.postings)
    let documents = try queries.documents(everything)
    #expect(documents.map(\.number) == model.documents.map(\.number))
    #expect(documents.map(\.state) == model.documents.map(\.state))
    let anyWaits = try queries.anyDocumentWaits()
    #expect(anyWaits == model.documents.contains { $0.isWaiting })
    if let stored = model.documents.randomElement(using: &random) {
      let entries = try queries.entries(of: stored.number)
      let expected = try stored.sample.record()
      #expect(entries == [expected])
      for part in StoredOpenItemChange.Part.allCases {
        let open = try queries.openAmount(of: stored.number, part: part)
        #expect(open.minorUnits == stored.open[part] ?? 0)
      }
      let latest = model.documents.filter { $0.sample.id == stored.sample.id }.last
      let found = try queries.document(stored.sample.identity)
      #expect(found?.number == latest?.number)
    }
    if let posting = model.postings.randomElement(using: &random) {
      let unposted = try queries.unpostedPredecessors(of: posting.number)
      #expect(unposted == model.unposted(before: posting.number))
      let waiting = try queries.postingsWaiting(for: posting.number)
      #expect(waiting == model.waiting(for: posting.number))
    }
  }
}
