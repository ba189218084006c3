import Foundation

/// The dialect `generic-file`: takes files from folders and acknowledges them.
public actor FileExchange {
  static let dialect = "generic-file"
  static let operation = "PickUp"

  /// A file that was taken: what a repeat is answered with.
  private struct Taken {
    let file: String
    let sha256: String
    let keys: Set<String>
    let acknowledgement: Acknowledgement
  }

  /// A class, so that it is not copied with each file.
  private final class Register {
    var byName: [String: Taken] = [:]
    var byHash: [String: Taken] = [:]
    var byBatch: [String: Taken] = [:]
  }

  /// A file that a fault leaves lying until a moment.
  private struct Waiting {
    let rule: FaultRule
    let until: Date
  }

  /// An acknowledgement that a fault holds back.
  private struct Late {
    let company: String
    let file: String
    let bytes: [UInt8]
    let from: Date
  }

  private let folder: URL
  private let books: MockBooks
  private let faults: FaultPlan
  private let journal: RequestJournal
  private let now: @Sendable () -> Date
  private var registers: [String: Register] = [:]
  private var waiting: [String: Waiting] = [:]
  private var late: [Late] = []
  private var isPickingUp = false

  init(
    folder: URL, books: MockBooks, faults: FaultPlan, journal: RequestJournal,
    now: @escaping @Sendable () -> Date
  ) {
    self.folder = folder
    self.books = books
    self.faults = faults
    self.journal = journal
    self.now = now
  }

  /// Takes every file that is released, and writes the acknowledgements that are due.
  ///
  /// - Returns: How many files left `in`; 0 while another look is under way.
  @discardableResult
  public func pickUp() async -> Int {
    guard !isPickingUp else { return 0 }
    isPickingUp = true
    defer { isPickingUp = false }
    releaseLate()
    let known = await books.companyCodes.filter(ExchangeFolder.isName)
    let companies = Set(known + ExchangeFolder.companies(in: folder)).sorted()
    var taken = 0
    for company in companies {
      let folder = ExchangeFolder(company: company, in: folder)
      guard (try? folder.prepare()) != nil else { continue }
      for file in folder.released() where await take(file, from: folder) { taken += 1 }
    }
    return taken
  }

  /// Forgets the files that were taken; what lies in the folders stays.
  func reset() {
    registers = [:]
    waiting = [:]
    late = []
  }

  // MARK: One file

  /// False when the file stays where it is.
  private func take(_ file: String, from folder: ExchangeFolder) async -> Bool {
    guard let bytes = folder.read(file) else { return false }
    let content = ReceivedFile(name: file, bytes: bytes, folder: folder)
    let keys = content.batch?.drafts.map(\.externalKey) ?? []
    let place = "\(folder.company)/in/\(file)"
    var rule: FaultRule?
    if let wait = waiting[place] {
      guard now() >= wait.until else { return false }
      rule = wait.rule
      waiting[place] = nil
    } else {
      rule = await faults.next(
        for: FaultPlan.Subject(
          dialect: Self.dialect, company: folder.company, operation: Self.operation, keys: keys))
      if let rule, rule.delayMilliseconds > 0 {
        let delay = Double(rule.delayMilliseconds) / 1000
        waiting[place] = Waiting(rule: rule, until: now().addingTimeInterval(delay))
        return false
      }
    }
    let number = await journal.begin(
      at: now(), method: "FILE", path: place, dialect: Self.dialect, operation: Self.operation,
      company: folder.company, keys: keys)
    let isTaken = await take(content, from: folder, under: rule)
    await journal.end(number, status: nil, fault: rule?.act.word)
    return isTaken
  }

  private func take(
    _ content: ReceivedFile, from folder: ExchangeFolder, under rule: FaultRule?
  ) async -> Bool {
    switch rule?.act {
    case .status, .throttle, .reset: return false
    case .malformed(booked: false):
      return finish(content, in: folder, moveTo: "archive", write: Array("{\"batch\":".utf8))
    default: break
    }
    await books.noteArrival(of: content.batch?.drafts.map(\.externalKey) ?? [])
    let acknowledgement = await acknowledgement(of: content, in: folder, under: rule?.act)
    let bytes = acknowledgement.bytes
    let target = acknowledgement.fault == nil ? "archive" : "error"
    switch rule?.act {
    case .bookThenDrop, .bookThenStatus, .dropThenBook:
      return finish(content, in: folder, moveTo: target, write: nil)
    case .malformed:
      return finish(
        content, in: folder, moveTo: target, write: Array(bytes.prefix(bytes.count / 2)))
    case .bookThenDelay(let milliseconds):
      late.append(
        Late(
          company: folder.company, file: content.name, bytes: bytes,
          from: now().addingTimeInterval(Double(milliseconds) / 1000)))
      return finish(content, in: folder, moveTo: target, write: nil)
    default:
      return finish(content, in: folder, moveTo: target, write: bytes)
    }
  }

  /// Moves the file away first: an acknowledgement must never speak of a file that is taken again.
  private func finish(
    _ content: ReceivedFile, in folder: ExchangeFolder, moveTo target: String, write: [UInt8]?
  ) -> Bool {
    guard (try? folder.move(content.name, to: target)) != nil else { return false }
    if let write { try? folder.acknowledge(content.name, write) }
    return true
  }

  private func releaseLate() {
    let moment = now()
    for due in late where due.from <= moment {
      let folder = ExchangeFolder(company: due.company, in: folder)
      try? folder.acknowledge(due.file, due.bytes)
    }
    late.removeAll { $0.from <= moment }
  }

  // MARK: Content

  private func acknowledgement(
    of content: ReceivedFile, in folder: ExchangeFolder, under act: FaultRule.Act?
  ) async -> Acknowledgement {
    let company = folder.company
    let register = register(of: company)
    let batch: BatchFile
    do throws(FileFault) {
      if let fault = content.markerFault { throw fault }
      if let first = register.byName[content.name] {
        guard first.sha256 == content.sha256 else {
          throw FileFault(
            code: "duplicate_file",
            text: "A file \(content.name) with other content was taken before")
        }
        return repeated(first, content)
      }
      if let first = register.byHash[content.sha256] { return repeated(first, content) }
      batch = try content.result.get()
      guard batch.company == company else {
        throw FileFault(
          code: "wrong_company",
          text: "The file is for company \(batch.company) and lies in the folder of \(company)")
      }
      if let first = register.byBatch[batch.batch] {
        guard first.keys == Set(batch.drafts.map(\.externalKey)) else {
          throw FileFault(
            code: "duplicate_batch",
            text: "Batch \(batch.batch) was taken with other entries in \(first.file)")
        }
        return repeated(first, content)
      }
      guard await books.company(company) != nil else {
        throw FileFault(code: "unknown_company", text: "There is no company \(company)")
      }
    } catch {
      return Acknowledgement(
        file: content.name, sha256: content.sha256, batch: content.batch?.batch,
        receivedAt: now(), fault: error, verdicts: [])
    }
    var verdicts: [(key: String, verdict: Verdict)] = []
    for (index, draft) in batch.drafts.enumerated() {
      let verdict: Verdict
      if let refusal = act?.refusal(of: draft.externalKey, position: index + 1) {
        verdict = .refused(refusal)
      } else {
        verdict = await books.post(draft, to: company)
        if act == .duplicate { _ = await books.post(draft, to: company) }
      }
      verdicts.append((draft.externalKey, verdict))
    }
    let acknowledgement = Acknowledgement(
      file: content.name, sha256: content.sha256, batch: batch.batch, receivedAt: now(),
      fault: nil, verdicts: verdicts)
    let taken = Taken(
      file: content.name, sha256: content.sha256,
      keys: Set(batch.drafts.map(\.externalKey)), acknowledgement: acknowledgement)
    register.byName[content.name] = taken
    register.byHash[content.sha256] = taken
    register.byBatch[batch.batch] = taken
    return acknowledgement
  }

  private func register(of company: String) -> Register {
    if let register = registers[company] { return register }
    let register = Register()
    registers[company] = register
    return register
  }

  private func repeated(_ first: Taken, _ content: ReceivedFile) -> Acknowledgement {
    var again = Acknowledgement(
      file: content.name, sha256: content.sha256, batch: first.acknowledgement.batch,
      receivedAt: first.acknowledgement.receivedAt, fault: nil,
      verdicts: first.acknowledgement.verdicts)
    again.isRepeat = true
    again.firstFile = first.file == content.name ? nil : first.file
    return again
  }
}

extension FaultRule.Act {
  /// The planted refusal of one entry of a batch; nil leaves it to the books.
  func refusal(of key: String, position: Int) -> Refusal? {
    switch self {
    case .refuse(let refusal): refusal
    case .refusePart(let part, let refusal):
      part.contains(key: key, position: position) ? refusal : nil
    default: nil
    }
  }
}
