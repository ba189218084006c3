import Foundation

/// Asynchronous requests: what was asked, and what became of it.
actor NetSuiteJobs {
  /// One record of a job, or why it could not be read.
  typealias Task = Result<NetSuiteReader.Reading, Trouble>

  struct Job: Sendable {
    let number: Int
    let submittedAt: Date
    let tasks: [Task]
    /// One for each task, in order; empty until it has run.
    fileprivate(set) var results: [Result<Booking, Trouble>] = []

    var isCompleted: Bool { results.count == tasks.count }
  }

  enum Submission: Sendable {
    case accepted(Job)
    /// The key came before; that job.
    case known(Job)
  }

  private let delay: TimeInterval
  private let reportsCodes: Bool
  private let now: @Sendable () -> Date
  private var jobs: [Job] = []
  private var byKey: [String: Int] = [:]

  init(_ setup: NetSuiteSetup, now: @escaping @Sendable () -> Date) {
    delay = TimeInterval(setup.jobSeconds)
    reportsCodes = setup.reportsCodes
    self.now = now
  }

  func submit(_ tasks: [Task], key: String?) -> Submission {
    if let key, let index = byKey[key] { return .known(jobs[index]) }
    let job = Job(number: jobs.count + 1, submittedAt: now(), tasks: tasks)
    if let key { byKey[key] = jobs.count }
    jobs.append(job)
    return .accepted(job)
  }

  func job(_ number: Int) -> Job? {
    jobs.indices.contains(number - 1) ? jobs[number - 1] : nil
  }

  /// Runs what has waited long enough, record by record: one that is refused holds up no other.
  func run(in books: MockBooks) async {
    for index in jobs.indices where !jobs[index].isCompleted {
      guard now().timeIntervalSince(jobs[index].submittedAt) >= delay else { continue }
      var results: [Result<Booking, Trouble>] = []
      for task in jobs[index].tasks {
        switch task {
        case .failure(let trouble): results.append(.failure(trouble))
        case .success(let reading):
          results.append(await books.book(reading, reportsCodes: reportsCodes))
        }
      }
      jobs[index].results = results
    }
  }
}

extension MockBooks {
  /// Books a record, and its reversal where it asks for one.
  func book(
    _ reading: NetSuiteReader.Reading, reportsCodes: Bool
  ) -> Result<Booking, Trouble> {
    let booking: Booking
    switch post(reading.draft, to: reading.company) {
    case .posted(let posted): booking = posted
    case .repeated(let earlier):
      return .failure(
        NetSuiteProblem.trouble(.repeated(earlier.externalKey), reportsCodes: reportsCodes))
    case .refused(let refusal):
      return .failure(NetSuiteProblem.trouble(refusal, reportsCodes: reportsCodes))
    }
    guard let date = reading.reversalDate, let entry = entry(serial: booking.serial) else {
      return .success(booking)
    }
    return reverse(entry, on: date, reportsCodes: reportsCodes).map { _ in booking }
  }

  /// Books the opposite of an entry on a day; what was reversed before stays so.
  func reverse(
    _ entry: BookedEntry, on date: String, reportsCodes: Bool
  ) -> Result<Booking, Trouble> {
    switch post(entry.opposite(on: date), to: entry.company) {
    case .posted(let booking), .repeated(let booking): .success(booking)
    case .refused(let refusal):
      .failure(NetSuiteProblem.trouble(refusal, reportsCodes: reportsCodes))
    }
  }
}

extension Refusal {
  static func repeated(_ key: String) -> Refusal {
    Refusal(
      code: "duplicate_key", message: "There is a record with external id \(key)",
      field: "/externalKey")
  }
}

extension BookedEntry {
  /// The key of the entry that reverses this one. It has no external id of its own.
  var reversalKey: String { NetSuiteReader.noExternalID + "reversal of \(NetSuite.id(of: serial))" }

  fileprivate func opposite(on date: String) -> EntryDraft {
    EntryDraft(
      externalKey: reversalKey, postingDate: date, currency: content.currency,
      functionalCurrency: content.functionalCurrency, description: content.description,
      lines: content.lines.map { line in
        LineDraft(
          account: line.account, side: line.side == .debit ? "credit" : "debit",
          amount: ExactAmount.text(line.amount, decimals: content.decimals),
          functionalAmount: ExactAmount.text(
            line.functionalAmount, decimals: content.functionalDecimals),
          party: line.party, tax: line.tax, dimensions: line.dimensions,
          description: line.description)
      },
      native: NativeDocument(
        kind: NetSuiteRecord.journalEntry.rawValue, facts: ["isReversal": "true"]))
  }
}
