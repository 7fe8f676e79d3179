import BakeModel

/// Why an archive is refused.
public struct ArchiveReadError: ExplainedError, Hashable {
    /// What is wrong.
    public let fault: Fault
    /// Where: an entry's name or a position.
    public let subject: String

    public var doing: String { "read from the archive" }

    /// Names a fault and its place.
    init(_ fault: Fault, _ subject: String) {
        self.fault = fault
        self.subject = subject
    }

    /// What can be wrong with an archive.
    public enum Fault: Hashable, Sendable {
        /// It ends too early.
        case truncated
        /// The compressed data are damaged: bad deflate or zstd data, CRC or length.
        case damagedCompression(String)
        /// Bytes follow the end: after the last gzip member, or other than zero after the end of the tar.
        case trailingData
        /// No gzip, zstd or tar.
        case unknownFormat
        /// A header's checksum or a number in it is wrong.
        case badHeader
        /// A pax or GNU extension breaks its format, is repeated, or readers are known to differ about it.
        case badExtension(String)
        /// A name contains NUL.
        case containsNUL
        /// A name has a part `..`.
        case leavesRoot
        /// A name is empty, or the root is no directory.
        case noName
        /// A name or a part of it is too long, or has too many parts.
        case nameTooLong
        /// A device node.
        case device
        /// A kind of entry that is no part of a layer.
        case unknownType(UInt8)
        /// Something other than a regular file carries data.
        case dataOfLink
        /// A user or group number does not fit in 32 bits.
        case ownerOutOfRange
        /// An extended attribute's name is not UTF-8 or empty, or has two values.
        case badAttribute
        /// More bytes than the limit.
        case tooManyBytes(UInt64)
        /// More entries than the limit.
        case tooManyEntries(Int)
        /// More bytes from one compressed byte than the limit: a bomb.
        case ratio(UInt64)
        /// libarchive and the check of the framing do not see the same entries.
        case ambiguous
        /// The bytes are not those that the digests promise.
        case otherDigest
        /// The content was asked for after its entry.
        case contentClosed
        /// libarchive failed, in its own words.
        case library(String)
    }

    public var hint: String? {
        switch fault {
        case .tooManyBytes, .tooManyEntries, .ratio, .nameTooLong: "raise that limit if the archive can be trusted"
        case .device: "leave /dev out of the archive, or read it as a root that skips devices"
        case .truncated, .damagedCompression, .otherDigest: "fetch the archive again"
        default: nil
        }
    }

    public var exit: ExitCode { fault == .otherDigest ? .damaged : .failed }
}

extension ArchiveReadError {
    public var reason: String {
        switch fault {
        case .truncated: "it ends too early"
        case .damagedCompression(let text): "the compressed data are damaged: \(text)"
        case .trailingData: "data follow its end"
        case .unknownFormat: "it is no tar, plain or in gzip or zstd"
        case .badHeader: "the header is damaged"
        case .badExtension(let text): text
        case .containsNUL: "a name contains a NUL byte"
        case .leavesRoot: "a name contains '..'"
        case .noName: "the entry has no name of its own"
        case .nameTooLong: "a name is too long or too deep"
        case .device: "device nodes are not allowed"
        case .unknownType(let type): "entries of type \(type) are not allowed"
        case .dataOfLink: "only regular files may carry data"
        case .ownerOutOfRange: "its owner's number does not fit in 32 bits"
        case .badAttribute: "an extended attribute has no proper name, or two values"
        case .tooManyBytes(let limit): "more than \(limit) bytes"
        case .tooManyEntries(let limit): "more than \(limit) entries"
        case .ratio(let limit): "it grows to more than \(limit) times its size"
        case .ambiguous: "readers would not agree about its entries"
        case .otherDigest: "its bytes are not those that its digest names"
        case .contentClosed: "content can be read only while its entry is the current one"
        case .library(let text): text
        }
    }
}
