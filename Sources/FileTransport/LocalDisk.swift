import Glibc

/// The calls to the operating system behind ``LocalFolder``. They block.
struct LocalDisk: Sendable {
  private static let fileMode: mode_t = 0o660

  let root: String

  func list(_ path: ExchangePath) throws(FileFailure) -> [FileEntry] {
    guard let directory = opendir(folder(path)) else { throw failure("open the folder", path) }
    defer { closedir(directory) }
    var entries: [FileEntry] = []
    while let item = readdir(directory) {
      let name = withUnsafePointer(to: &item.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          String(cString: $0)
        }
      }
      guard ExchangePath.isFileName(name) else { continue }
      var status = stat()
      // A file may have been taken away meanwhile.
      guard fstatat(dirfd(directory), name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.isFile
      else { continue }
      entries.append(FileEntry(name: name, size: Int(status.st_size)))
    }
    return entries.sorted { $0.name < $1.name }
  }

  /// Looks at nothing but the names, where the disk says itself what is a file.
  func names(ending: String, _ path: ExchangePath) throws(FileFailure) -> [String] {
    guard let directory = opendir(folder(path)) else { throw failure("open the folder", path) }
    defer { closedir(directory) }
    let ending = Array(ending.utf8)
    var names: [String] = []
    while let item = readdir(directory) {
      let name = withUnsafeBytes(of: &item.pointee.d_name) { bytes -> String? in
        let name = bytes.prefix { $0 != 0 }
        return name.suffix(ending.count).elementsEqual(ending)
          ? String(decoding: name, as: UTF8.self) : nil
      }
      guard let name, ExchangePath.isFileName(name) else { continue }
      if item.pointee.d_type != DT_REG {
        var status = stat()
        guard item.pointee.d_type == DT_UNKNOWN,
          fstatat(dirfd(directory), name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.isFile
        else { continue }
      }
      names.append(name)
    }
    return names
  }

  func contains(_ path: ExchangePath) throws(FileFailure) -> Bool {
    var status = stat()
    if lstat(file(path), &status) == 0 { return status.isFile }
    if errno == ENOENT { return false }
    throw failure("look for", path)
  }

  func read(_ path: ExchangePath, limit: Int) throws(FileFailure) -> [UInt8] {
    let file = try OpenFile(reading: self.file(path), orThrow: { failure("open", path) })
    guard file.status?.isFile == true else {
      throw FileFailure(
        progress: .nothingDelivered, code: .notFound, detail: "\(describe(path)) is not a file")
    }
    guard let bytes = file.read(upTo: limit + 1) else { throw failure("read", path) }
    guard bytes.count <= limit else {
      throw FileFailure(
        progress: .nothingDelivered, code: .fileTooLarge,
        detail: "\(describe(path)) is longer than \(limit) bytes")
    }
    return bytes
  }

  func deliver(
    _ bytes: [UInt8], to path: ExchangePath, by temporaryName: String
  ) throws(FileFailure) -> Delivery {
    let target = file(path)
    let temporary = folder(path) + "/" + temporaryName
    if try contains(path) {
      try requireSame(bytes, path)
      // Ours, if an earlier delivery was interrupted after the file had got its name.
      unlink(temporary)
      return .alreadyThere
    }
    let draft = try OpenFile(
      writing: temporary, mode: Self.fileMode, orThrow: { failure("create", path) })
    guard draft.lock(), draft.isStillAt(temporary) else {
      throw FileFailure(
        progress: .nothingDelivered, code: .busy,
        detail: "Somebody else is writing \(describe(path)) right now")
    }
    guard draft.replaceContents(with: bytes) else { throw failure("write", path) }
    guard draft.contents(are: bytes) else {
      throw FileFailure(
        progress: .nothingDelivered, code: .verificationFailed,
        detail: "What was read back of \(describe(path)) is not what was written")
    }
    // A link refuses a name that is taken, in one step; a rename would replace the file.
    guard link(temporary, target) == 0 || renameWhereLinksAreMissing(temporary, target) else {
      let reason = failure("give its name to", path)
      guard reason.code == .conflict else { throw reason }
      unlink(temporary)
      try requireSame(bytes, path)
      return .alreadyThere
    }
    unlink(temporary)
    guard syncFolder(path) else { throw failure("make durable", path, progress: .outcomeUnknown) }
    return .delivered
  }

  func move(_ source: ExchangePath, to target: ExchangePath) throws(FileFailure) {
    let from = file(source)
    let to = file(target)
    guard try contains(source) else {
      throw FileFailure(
        progress: .nothingDelivered, code: .notFound, detail: "\(describe(source)) does not exist")
    }
    guard source != target else { return }
    if link(from, to) == 0 || isSameFile(from, to) {
      // The second: an earlier move was interrupted between its two steps.
      guard unlink(from) == 0 || errno == ENOENT else {
        throw failure("remove", source, progress: .outcomeUnknown)
      }
    } else if !renameWhereLinksAreMissing(from, to) {
      throw failure("move", source)
    }
    guard syncFolder(source), syncFolder(target) else {
      throw failure("make durable", target, progress: .outcomeUnknown)
    }
  }

  // MARK: Steps

  private func requireSame(_ bytes: [UInt8], _ path: ExchangePath) throws(FileFailure) {
    let found: [UInt8]?
    do {
      found = try read(path, limit: bytes.count)
    } catch {
      guard error.code == .fileTooLarge || error.code == .notFound else { throw error }
      found = nil
    }
    guard found == bytes else {
      throw FileFailure(
        progress: .nothingDelivered, code: .conflict,
        detail: "\(describe(path)) exists with other contents")
    }
  }

  /// File systems without hard links (FAT, some shares) leave only a look before the rename.
  private func renameWhereLinksAreMissing(_ from: String, _ to: String) -> Bool {
    let reason = errno
    guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(reason) else { return false }
    var status = stat()
    if lstat(to, &status) == 0 {
      errno = EEXIST
      return false
    }
    return rename(from, to) == 0
  }

  private func isSameFile(_ one: String, _ other: String) -> Bool {
    let reason = errno
    defer { errno = reason }
    var first = stat()
    var second = stat()
    return lstat(one, &first) == 0 && lstat(other, &second) == 0
      && first.st_ino == second.st_ino && first.st_dev == second.st_dev
  }

  private func syncFolder(_ path: ExchangePath) -> Bool {
    let descriptor = open(folder(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // Some shares cannot sync a folder and say so with EINVAL.
    return fsync(descriptor) == 0 || errno == EINVAL
  }

  // MARK: Paths and failures

  private func folder(_ path: ExchangePath) -> String {
    ([root] + path.folders).joined(separator: "/")
  }

  private func file(_ path: ExchangePath) -> String {
    ([root] + path.folders + [path.name ?? ""]).joined(separator: "/")
  }

  private func describe(_ path: ExchangePath) -> String {
    (path.folders + [path.name ?? ""]).joined(separator: "/").debugDescription
  }

  /// What `errno` says about a step.
  private func failure(
    _ step: String, _ path: ExchangePath, progress: FileFailure.Progress = .nothingDelivered
  ) -> FileFailure {
    let reason = errno
    let code: FileFailure.Code =
      switch reason {
      case ENOENT, ENOTDIR: .notFound
      case EACCES, EPERM, EROFS, ELOOP: .permissionDenied
      case EEXIST: .conflict
      case ENOSPC, EDQUOT: .noSpace
      default: .transferFailed
      }
    return FileFailure(
      progress: progress, code: code,
      detail: "Could not \(step) \(describe(path)): \(String(cString: strerror(reason)))")
  }
}

extension stat {
  fileprivate var isFile: Bool { st_mode & S_IFMT == S_IFREG }
}
