public import AdapterKit
public import FileTransport
import Foundation
public import Ledger

/// Hands journal entries over as files with control totals, and reads acknowledgements back.
///
/// Before a file is handed over, the list of its keys is written into a folder of our own: so a key is
/// found again, and no entry is handed over twice, whatever happened in between.
public struct GenericFileAdapter: FindsPostings, PollsTickets {
  public static let name = "generic-file"

  /// Keys of the connection's file that belong to this adapter or to every connection.
  public static let knownKeys = SubmissionLimits.keys.union([
    "adapter", "limits", "url", "auth", "company", "format", "folders", "manifest", "doneMarker",
    "acknowledgements", "idempotency", "errors",
  ])

  /// How the receiver's answers are named.
  public static let acknowledgementEnding = ".ack.json"
  static let largestAcknowledgement = 64 * 1024 * 1024

  let settings: GenericFileSettings
  let files: any FileExchange
  let register: HandOverRegister
  let redact: SecretRedaction

  /// - Parameter files: the folders; ``exchange(for:)`` makes them from the same settings.
  /// - Throws: ``SettingsFault`` with everything that is wrong in the connection's file.
  public init(settings: AdapterSettings, files: any FileExchange) throws(SettingsFault) {
    self.settings = try GenericFileSettings(settings, knownKeys: Self.knownKeys)
    self.files = files
    register = HandOverRegister(files: files, folder: self.settings.folders.sent)
    redact = SecretRedaction(ExchangeSettings.secrets(of: settings))
  }

  public var descriptor: AdapterDescriptor {
    AdapterDescriptor(
      name: Self.name,
      summary: settings.readsAcknowledgements
        ? "Files with control totals, acknowledged by files"
        : "Files with control totals, handed over without an answer",
      maximumBatchSize: settings.limits.batchSize, batchIsAtomic: false,
      maximumLines: settings.limits.maximumLines, idempotency: settings.idempotency,
      confirmation: settings.readsAcknowledgements ? .acknowledged : .handOver,
      quietPeriod: settings.limits.quietPeriod, carriesFunctionalAmounts: true)
  }

  public func check() async -> [Problem] {
    var folders = [settings.folders.incoming, settings.folders.sent]
    if settings.readsAcknowledgements { folders.append(settings.folders.outgoing) }
    if let archive = settings.folders.archive { folders.append(archive) }
    var problems: [Problem] = []
    for folder in folders {
      do throws(FileFailure) {
        _ = try await files.list(folder)
      } catch {
        problems.append(error.problem(redact))
      }
    }
    return problems
  }

  public func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    var outcomes: [PostingKey: PostingOutcome] = [:]
    do throws(FileFailure) {
      try await register.refresh()
    } catch {
      let outcome = error.with(.nothingDelivered).outcome(
        about: "A batch of \(batch.count) entries", redact)
      return Dictionary(batch.map { ($0.key, outcome) }) { first, _ in first }
    }
    var folders = FolderView()
    var parts: [GenericFile.Part] = []
    var generation = 1
    for submission in batch {
      switch await standing(of: submission.key, completing: true, &folders) {
      case .settled(let outcome): outcomes[submission.key] = outcome
      case .free(let refusals):
        do throws(Problem) {
          parts.append(try GenericFile.Part(submission, format: settings.format))
          generation = max(generation, refusals + 1)
        } catch {
          outcomes[submission.key] = .rejected(Rejection(.validation, error))
        }
      }
    }
    var rest = parts[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(settings.limits.batchSize))
      rest = rest.dropFirst(part.count)
      let outcome = await handOver(part, generation: generation, unreleased: folders.unreleased)
      for entry in part { outcomes[entry.submission.key] = outcome }
    }
    return outcomes
  }

  /// Writes list, file and markers, in this order.
  ///
  /// - Parameter unreleased: files that stand there without a marker and hold some of the entries. What
  ///   is not the same file again is withdrawn first: nobody may release it later.
  private func handOver(
    _ parts: [GenericFile.Part], generation: Int, unreleased: Set<String>
  ) async -> PostingOutcome {
    let file: GenericFile
    do throws(Problem) {
      file = try GenericFile(
        parts, company: settings.company, format: settings.format, generation: generation)
    } catch {
      return .rejected(Rejection(.validation, error))
    }
    let folders = settings.folders
    do throws(FileFailure) {
      for name in unreleased.subtracting([file.name]).sorted()
      where try await files.contains(name, in: folders.incoming) {
        try await files.move(name, from: folders.incoming, to: folders.sent)
      }
      try await register.write(file.keyList)
    } catch {
      // Neither a withdrawal nor a list books anything.
      return error.with(.nothingDelivered).outcome(about: "File \(file.name)", redact)
    }
    do throws(FileFailure) {
      _ = try await files.deliver(file.bytes, as: file.name, to: folders.incoming)
      try await release(HandOverRegister.Note(file.keyList))
    } catch {
      return error.outcome(about: "File \(file.name)", redact)
    }
    return .submitted(Ticket(HandOverRegister.Note(file.keyList)))
  }

  /// How the file is named that releases a batch to the receiver; empty where the batch itself does.
  ///
  /// - Throws: ``SettingsFault`` with everything that is wrong in the connection's file.
  public static func releasingEnding(
    by settings: AdapterSettings
  ) throws(SettingsFault) -> String {
    try GenericFileSettings(settings, knownKeys: Self.knownKeys).markers(of: "").last ?? ""
  }

  /// Writes the markers. After the first of them the receiver may read the file.
  func release(_ note: HandOverRegister.Note) async throws(FileFailure) {
    if settings.writesManifest {
      _ = try await files.deliver(
        note.manifest(company: settings.company).jsonBytes, as: note.file + ".manifest.json",
        to: settings.folders.incoming)
    }
    guard settings.writesDoneMarker else { return }
    do throws(FileFailure) {
      _ = try await files.deliver(
        [UInt8](note.sha256.utf8), as: note.file + ".done", to: settings.folders.incoming)
    } catch {
      throw settings.writesManifest ? error.with(.outcomeUnknown) : error
    }
  }

  public func find(_ key: PostingKey) async -> Finding {
    do throws(FileFailure) {
      try await register.refresh()
    } catch {
      return .cannotTell(error.problem(redact))
    }
    var folders = FolderView()
    switch await standing(of: key, completing: false, &folders) {
    case .free: return .absent
    case .settled(.posted(let receipt)), .settled(.alreadyPosted(let receipt)):
      return .found(receipt)
    case .settled(.submitted(let ticket)):
      return .cannotTell(
        .lookUpUnclear(
          "Entry \(key) was handed over in \(ticket.file) and is not acknowledged yet"))
    case .settled(.unknown(let problem)): return .cannotTell(problem)
    case .settled(.retryLater(let postponement)): return .cannotTell(postponement.problem)
    case .settled(.rejected(let rejection)): return .cannotTell(rejection.problem)
    }
  }

  public func poll(_ tickets: [PostingKey: Ticket]) async -> [PostingKey: PostingOutcome] {
    guard settings.readsAcknowledgements else { return [:] }
    var outcomes: [PostingKey: PostingOutcome] = [:]
    for (file, keys) in Dictionary(grouping: tickets, by: \.value.file) {
      let reading: Acknowledgement
      do throws(FileFailure) {
        reading = try await acknowledgement(of: file)
      } catch {
        continue
      }
      switch reading {
      case .none: continue
      case .unreadable(let problem):
        for (key, _) in keys { outcomes[key] = .unknown(problem) }
      case .read(let acknowledgement):
        for (key, ticket) in keys {
          outcomes[key] = verdict(on: key, acknowledgement, file: file, sha256: ticket.sha256)
        }
      }
    }
    return outcomes
  }
}

extension FileFailure {
  /// The same failure, seen by an operation that did more or less than the one that failed.
  fileprivate func with(_ progress: Progress) -> FileFailure {
    FileFailure(progress: progress, code: code, detail: detail)
  }
}
