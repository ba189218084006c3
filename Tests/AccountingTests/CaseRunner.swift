import AdapterKit
import Foundation
import Intake
import Ledger
import PosternConfiguration
import PostingEngine
import PostingRules
import SQLStore
import TestSupport

/// Carries a case out: real intake, real rules, a real store in a folder of its own, and a clock
/// that follows the documents.
final class CaseRunner {
  let configuration: LoadedConfiguration
  let folder: TemporaryFolder
  let store: SQLStore
  /// The rules in force; closing a period changes them.
  var ruleBook: RuleBook
  private(set) var now = Moment(milliseconds: 0)

  convenience init(_ accountingCase: AccountingCase) throws {
    try self.init(
      configuration: Books.configuration(
        policies: accountingCase.policies, files: accountingCase.books))
  }

  init(configuration: LoadedConfiguration) throws {
    self.configuration = configuration
    folder = try TemporaryFolder("accounting")
    store = try SQLStore(file: folder.url.appendingPathComponent("postern.sqlite"))
    ruleBook = configuration.rules
  }

  var acceptance: Acceptance {
    Acceptance(ruleBook: ruleBook, installation: Books.installation)
  }

  /// What a step gave that it must not, and what it did not give.
  ///
  /// - Parameter entriesMatter: false where only the outcome counts.
  func differences(of step: CaseStep, entriesMatter: Bool = true) throws -> [String] {
    let lastEntry = try entries(after: 0).last?.number ?? 0
    let knownExceptions = Set(try openExceptions().compactMap(\.id))
    var verdict: Verdict?
    var refusal: Problem?
    do {
      verdict = try perform(step)
    } catch let problem as Problem {
      refusal = problem
    }
    var made = try entries(after: lastEntry).map(\.record.entry)
    if case .book(let booked) = step.action { made.append(try entry(booked)) }
    let opened = try openExceptions().filter { $0.id.map { !knownExceptions.contains($0) } ?? true }
    var differences = self.differences(of: step.outcome, verdict, refusal, opened)
    guard entriesMatter else { return differences }
    if made.count != step.entries.count {
      differences.append("expected \(step.entries.count) entries, got \(made.count)")
    }
    for (index, (expected, entry)) in zip(step.entries, made).enumerated() {
      differences += EntryComparison(expected, entry).differences.map {
        "entry \(index + 1)" + (expected.table.map { " (table \($0))" } ?? "") + ": " + $0
      }
    }
    if !differences.isEmpty {
      differences += made.map { "this was made:\n" + EntryComparison.text($0) }
    }
    return differences
  }

  private func differences(
    of outcome: CaseStep.Outcome, _ verdict: Verdict?, _ refusal: Problem?,
    _ opened: [PostingException]
  ) -> [String] {
    if let refusal, outcome != .refused(refusal.code) {
      return ["refused: \(refusal.code): \(refusal.detail)"]
    }
    let classes = opened.map { "\($0.exceptionClass): \($0.cause)" }.joined(separator: "; ")
    let errors = (verdict?.errors ?? []).map { "\($0.code): \($0.detail)" }
      .joined(separator: "; ")
    switch outcome {
    case .done:
      var differences: [String] = []
      if !classes.isEmpty { differences.append("stopped: \(classes)") }
      if !errors.isEmpty { differences.append("refused: \(errors)") }
      if let waiting = verdict?.waiting { differences.append("waits: \(waiting)") }
      return differences
    case .exception(let name):
      return opened.contains { $0.exceptionClass == name }
        ? [] : ["expected exception \(name), got: \(classes)\(errors)"]
    case .refused(let code):
      return refusal == nil ? ["expected to be refused for \(code)"] : []
    case .waits:
      return verdict?.waiting == nil ? ["expected to wait: \(classes)\(errors)"] : []
    case .invalid(let code):
      return verdict?.errors.contains { $0.code == code } == true
        ? [] : ["expected to be refused for \(code), got: \(errors)\(classes)"]
    }
  }

  // MARK: Steps

  /// - Returns: the verdict on a document; nil for other steps.
  private func perform(_ step: CaseStep) throws -> Verdict? {
    switch step.action {
    case .submit(let document):
      advance(to: step.day ?? document.date)
      return try submit(document.json)
    case .post:
      if let day = step.day { advance(to: day) }
      try postEverything()
    case .close(let period):
      ruleBook.entities[period.entity]?.closedPeriods.insert(period.period)
    case .open(let period):
      ruleBook.entities[period.entity]?.closedPeriods.remove(period.period)
    case .reverse(let identity):
      if let day = step.day { advance(to: day) }
      let reversal = Reversal(acceptance.compensation, actor: "test")
      let now = now
      _ = try store.write {
        try reversal.reverse(identity, on: step.day, reason: "a case", at: now, in: $0)
      }
    case .recognise(let period): try carryOut(Recognition(acceptance), period, step.day)
    case .accrue(let period): try carryOut(Accrual(acceptance), period, step.day)
    case .revalue(let period): try carryOut(Revaluation(acceptance), period, step.day)
    case .summarise(let period): try carryOut(SummaryRun(acceptance), period, step.day)
    case .book: break
    }
    return nil
  }

  /// The entry as the ERP has it; nothing of it is stored.
  private func entry(_ booked: BookedEntry) throws -> JournalEntry {
    guard let rules = ruleBook.entities[booked.entity]?.entity,
      let number = try? ExactDecimal(booked.amount)
    else { throw CaseFault("no entity \(booked.entity), or no amount \(booked.amount)") }
    let amount = try Money(number, rules.functionalCurrency)
    var converter = acceptance.makeConverter()
    func line(_ role: AccountRole, _ side: Side) throws -> JournalLine {
      guard
        let found = converter.account(
          of: role, in: ReferencedDocument.Books(booked.entity),
          currency: rules.functionalCurrency, on: booked.date)
      else { throw CaseFault("no row gives an account to \(role)") }
      return JournalLine(
        role: role, account: found.account, side: side, amount: amount,
        functionalAmount: amount, dimensions: found.dimensions,
        description: booked.description, reason: found.reason)
    }
    return try JournalEntry(
      EntryHead(
        legalEntity: booked.entity, kind: .writeOff, postingDate: booked.date,
        documentDate: booked.date, currency: rules.functionalCurrency,
        functionalCurrency: rules.functionalCurrency, reference: booked.description,
        description: booked.description,
        source: EntrySource(
          document: DocumentIdentity(
            source: "erp", type: .writeOff, id: booked.description), revision: 1),
        rulesVersion: ruleBook.version),
      lines: [line(booked.debit, .debit), line(booked.credit, .credit)])
  }

  /// Lets it be noon of a day, unless it is later already.
  func advance(to day: CalendarDate) {
    let noon = Moment(milliseconds: Int64(day.dayNumber) * 86_400_000 + 43_200_000)
    if noon > now { now = noon }
  }

  func submit(_ json: [UInt8]) throws -> Verdict {
    switch configuration.reader.read(json) {
    case .refused(let refusal):
      return Verdict(
        source: refusal.identity.source, type: refusal.identity.type, id: refusal.identity.id,
        kind: .invalid, errors: refusal.problems)
    case .document(let document):
      let acceptance = acceptance
      var converter = acceptance.makeConverter()
      let prepared = try acceptance.prepare(document, using: &converter)
      return try store.write {
        try acceptance.accept(prepared, at: now, using: &converter, in: $0)
      }
    }
  }

  /// Hands documents over in one transaction.
  func submitTogether(_ documents: [[UInt8]]) throws {
    let acceptance = acceptance
    var converter = acceptance.makeConverter()
    let prepared = try documents.map { json in
      guard case .document(let document) = configuration.reader.read(json) else {
        throw CaseFault("a document is refused")
      }
      return try acceptance.prepare(document, using: &converter)
    }
    try store.write { transaction throws in
      for document in prepared {
        _ = try acceptance.accept(document, at: now, using: &converter, in: transaction)
      }
    }
  }

  /// - Parameter day: on which it is done; nil for the month's last.
  func carryOut(
    _ work: some PeriodEndWork, _ period: EntityPeriod, _ day: CalendarDate? = nil
  ) throws {
    advance(to: day ?? period.period.lastDay)
    _ = try store.write { transaction throws in
      let plan = try work.plan(
        of: period.entity, ledger: period.ledger, period: period.period, in: transaction)
      return try work.carryOut(
        plan, of: period.entity, at: now, actor: "test", in: transaction)
    }
  }

  /// Every posting is in its ERP, as if each had been sent and answered.
  func postEverything() throws {
    var filter = ListFilter()
    filter.limit = ListFilter.maximumLimit
    let postings = try store.read { try $0.postings(filter) }
    let now = now
    try store.write { transaction throws in
      for var posting in postings where !posting.state.isFinal {
        posting.state = .posted
        posting.reason = nil
        posting.receipt = Receipt(
          id: posting.entry.text, number: String(posting.number.value), postedAt: now)
        try transaction.update(posting)
      }
      for document in Set(postings.map(\.document)) {
        try transaction.setState(.posted, of: document)
      }
    }
  }

  // MARK: What is there

  func entries(after cursor: Int64) throws -> [ListedEntry] {
    try store.read { queries in
      var filter = ListFilter()
      filter.limit = ListFilter.maximumLimit
      filter.cursor = cursor
      var all: [ListedEntry] = []
      while true {
        let page = try queries.entries(filter)
        all += page
        guard page.count == filter.limit, let last = page.last else { return all }
        filter.cursor = last.number
      }
    }
  }

  private func openExceptions() throws -> [PostingException] {
    var filter = ListFilter()
    filter.state = ExceptionState.open.rawValue
    filter.limit = ListFilter.maximumLimit
    return try store.read { try $0.exceptions(filter) }
  }
}
