import AdapterKit
import FileTransport
import Foundation
import Ledger

extension GenericFileAdapter {
  /// What the folders show of one file.
  enum FileState {
    case acknowledged(WireAcknowledgement)
    /// Released, or taken by the receiver.
    case handedOver
    /// Stands there without its marker: the receiver does not read it.
    case unreleased
    /// Proven never to have been there.
    case notDelivered
    case unclear(Problem)
  }

  /// What was seen in the course of one call.
  struct FolderView {
    var states: [String: FileState] = [:]
    var unreleased: Set<String> = []
  }

  /// Where a key stands.
  enum Standing {
    /// May be handed over; it was refused so many times.
    case free(refusals: Int)
    case settled(PostingOutcome)
  }

  /// - Parameter completing: whether a file with some of its markers gets the others now.
  func standing(
    of key: PostingKey, completing: Bool, _ folders: inout FolderView
  ) async -> Standing {
    var refusals = 0
    var pending: PostingOutcome?
    for note in await register.notes(of: key) {
      let state: FileState
      if let known = folders.states[note.file] {
        state = known
      } else {
        do throws(FileFailure) {
          state = try await look(at: note, completing: completing)
        } catch {
          state = .unclear(error.problem(redact))
        }
        folders.states[note.file] = state
      }
      switch state {
      case .notDelivered: continue
      case .unreleased: folders.unreleased.insert(note.file)
      case .handedOver: pending = .submitted(Ticket(note))
      case .unclear(let problem): pending = .unknown(problem)
      case .acknowledged(let acknowledgement):
        switch verdict(on: key, acknowledgement, file: note.file, sha256: note.sha256) {
        case .rejected: refusals += 1
        case nil: pending = .submitted(Ticket(note))
        case .posted(let receipt), .alreadyPosted(let receipt):
          return .settled(.alreadyPosted(receipt))
        case let outcome?: pending = outcome
        }
      }
    }
    return pending.map { .settled($0) } ?? .free(refusals: refusals)
  }

  /// The order matters: a file moves from `in` to `archive`, and the acknowledgement comes last.
  private func look(
    at note: HandOverRegister.Note, completing: Bool
  ) async throws(FileFailure) -> FileState {
    if let state = try await acknowledged(note) { return state }
    let folders = settings.folders
    let markers = settings.markers(of: note.file)
    let stands = try await files.contains(note.file, in: folders.incoming)
    if stands {
      var present = 0
      for name in markers where try await files.contains(name, in: folders.incoming) {
        present += 1
      }
      if present == markers.count { return .handedOver }
      if present > 0 {
        if completing { try await release(note) }
        return .handedOver
      }
    }
    for folder in [folders.archive, folders.error].compactMap({ $0 }) {
      for name in [note.file] + markers where try await files.contains(name, in: folder) {
        return try await acknowledged(note) ?? .handedOver
      }
    }
    if stands { return .unreleased }
    guard let archive = folders.archive else {
      return .unclear(
        .lookUpUnclear(
          "File \(note.file) is not in \(folders.incoming), and no archive is configured that would"
            + " show whether it was taken"))
    }
    // A folder that cannot be listed proves nothing.
    let taken = try await files.list(archive)
    _ = try await files.list(folders.incoming)
    if let state = try await acknowledged(note) { return state }
    return taken.contains { $0.name == note.file } ? .handedOver : .notDelivered
  }

  private func acknowledged(
    _ note: HandOverRegister.Note
  ) async throws(FileFailure) -> FileState? {
    guard settings.readsAcknowledgements else { return nil }
    switch try await acknowledgement(of: note.file) {
    case .none: return nil
    case .unreadable(let problem): return .unclear(problem)
    case .read(let acknowledgement): return .acknowledged(acknowledgement)
    }
  }
}

extension GenericFileAdapter {
  enum Acknowledgement {
    case none
    case unreadable(Problem)
    case read(WireAcknowledgement)
  }

  func acknowledgement(of file: String) async throws(FileFailure) -> Acknowledgement {
    let name = file + Self.acknowledgementEnding
    let bytes: [UInt8]
    do throws(FileFailure) {
      bytes = try await files.read(
        name, in: settings.folders.outgoing, limit: Self.largestAcknowledgement)
    } catch {
      guard error.code != .notFound else { return .none }
      throw error
    }
    guard let read = try? JSONDecoder().decode(WireAcknowledgement.self, from: Data(bytes)) else {
      return .unreadable(.outcomeUnknown("The acknowledgement \(name) cannot be read"))
    }
    return .read(read)
  }

  /// nil when the acknowledgement does not name the key.
  func verdict(
    on key: PostingKey, _ acknowledgement: WireAcknowledgement, file: String, sha256: String
  ) -> PostingOutcome? {
    if let theirs = acknowledgement.sha256, !theirs.isEmpty, !sha256.isEmpty,
      theirs.lowercased() != sha256
    {
      return .unknown(
        .outcomeUnknown("The acknowledgement of \(file) is about a file with other content"))
    }
    return settings.table.outcome(of: key, in: acknowledgement, file: file, redact)
  }
}

extension Ticket {
  init(_ note: HandOverRegister.Note) { self.init("\(note.file) \(note.sha256)") }

  /// The file's name.
  var file: String { String(text.prefix { $0 != " " }) }

  /// The hash of the file; empty when the ticket has none.
  var sha256: String { String(text.drop { $0 != " " }.dropFirst()) }
}
