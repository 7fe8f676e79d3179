import BakeModel
import TarArchive

/// A tar that holds images, read once and spooled: its files by their paths.
struct ForeignArchive {
    /// What it is called in messages.
    let name: String
    private let archive: SpooledArchive
    private let numbers: [TreePath: Int]

    /// Takes the files of an archive; of several with one path the last counts.
    init(_ archive: SpooledArchive, named name: String) {
        self.archive = archive
        self.name = name
        numbers = Dictionary(archive.entries.enumerated().map { ($1.path, $0) }) { $1 }
    }

    /// The text of a small JSON document.
    func json(_ path: String) throws -> JSON {
        do { return try JSON(parsing: try document(path)) } catch is JSON.Fault { throw refused("\(path) is no JSON") }
    }

    /// The bytes of a small file.
    func document(_ path: String) throws -> [UInt8] {
        let number = try number(of: path)
        guard archive.size(of: number) <= ForeignLimit.document, let read = archive.content(of: number) else {
            throw refused("\(path) is no file of at most \(ForeignLimit.document) bytes")
        }
        var bytes = [UInt8](repeating: 0, count: Int(archive.size(of: number)))
        var end = 0
        while end < bytes.count {
            let count = try bytes.withUnsafeMutableBytes { try read(.init(rebasing: $0[end...])) }
            guard count > 0 else { break }
            end += count
        }
        return Array(bytes[..<end])
    }

    /// Begins to read a file.
    func open(_ path: String) throws -> ArchiveBytes {
        guard let read = archive.content(of: try number(of: path)) else { throw refused("\(path) is no file") }
        return ArchiveBytes(read)
    }

    /// A file's number. Tools of the old form store a layer that two images share once, and link to it: one link is followed.
    private func number(of text: String) throws -> Int {
        guard let path = try? TreePath(cleaning: text), let number = numbers[path] else {
            throw refused("it has no \(text)")
        }
        guard case .symlink(let target) = archive.entries[number].kind else { return number }
        guard let place = Self.place(of: target, in: path.parent), let real = numbers[place] else {
            throw refused("\(text) links to what is not in it")
        }
        return real
    }

    /// A link's target below the archive's top; nil where it leads out.
    private static func place(of target: [UInt8], in directory: TreePath) -> TreePath? {
        guard target.first != UInt8(ascii: "/") else { return nil }
        var place = directory
        for part in target.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            if part.elementsEqual("..".utf8) {
                guard !place.isRoot else { return nil }
                place = place.parent
            } else {
                guard let next = try? place.appending(part: part) else { return nil }
                place = next
            }
        }
        return place
    }

    /// A fault of the archive.
    func refused(_ why: String) -> LayerFault { .unusableImport(name, why) }
}
