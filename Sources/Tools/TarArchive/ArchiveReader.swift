import BakeModel
import LinuxSystem

/// Reads tar archives (ustar, pax, GNU; plain, gzip or zstd) that nobody vouches for.
///
/// Names come cleaned: `./a//b` and `/a/b` are `a/b`; a part `..` is refused, in hard links too. Symbolic links keep
/// their bytes. Sparse files come with their holes as zeros. Times, user and group names and ACLs are passed over.
/// Names are bytes and stay as they are. An archive may hold a path twice; what that means is the caller's to say.
public enum ArchiveReader {
    /// Reads an archive once, to its end.
    ///
    /// CRCs, lengths, the archive's end and the digests are known only at the end, so the caller must keep apart what it
    /// takes until this returns, and check the summary against the digests it expects.
    /// - Parameters:
    ///   - recordingMembers: whether the summary shall have the members; they cost one more digest.
    ///   - each: called for every entry in the archive's order. Content that it does not read is passed over.
    /// - Throws: `ArchiveReadError` for the archive, what its bytes throw, and what `each` throws.
    public static func read(
        _ source: ArchiveBytes, limits: ArchiveLimits = ArchiveLimits(), recordingMembers: Bool = false,
        each: (TreeEntry, ArchiveContent) throws -> Void
    ) throws -> ArchiveSummary {
        let record = recordingMembers ? MemberRecord() : nil
        let decoder = try TarDecoder(VerifiedTar(CompressedInput(source), limits, record: record), limits)
        try pass(decoder, each)
        return try decoder.finish()
    }

    private static func pass(_ decoder: TarDecoder, _ each: (TreeEntry, ArchiveContent) throws -> Void) throws {
        while let (entry, content) = try decoder.next() {
            defer { content.close() }
            try each(entry, content)
        }
    }

    /// Reads an archive that another process of bake's writes into a pipe. It is checked as every archive is, but not hashed:
    /// the bytes were never anywhere else, and their digests are the writer's to know.
    /// - Returns: how many bytes of tar there were.
    public static func read(
        piped source: Descriptor, limits: ArchiveLimits = ArchiveLimits(),
        each: (TreeEntry, ArchiveContent) throws -> Void
    ) throws -> UInt64 {
        let input = CompressedInput(ArchiveBytes(source), isHashed: false)
        let decoder = try TarDecoder(VerifiedTar(input, limits), limits)
        try pass(decoder, each)
        return try decoder.end()
    }

    /// Reads the archive in a file or pipe, from where the descriptor stands.
    public static func read(
        _ source: Descriptor, limits: ArchiveLimits = ArchiveLimits(), recordingMembers: Bool = false,
        each: (TreeEntry, ArchiveContent) throws -> Void
    ) throws -> ArchiveSummary {
        try read(ArchiveBytes(source), limits: limits, recordingMembers: recordingMembers, each: each)
    }
}
