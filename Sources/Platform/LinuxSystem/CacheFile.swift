/// Files that may be lost: replaced in one step, so readers see the old bytes or the new ones, but not forced to the disk.
///
/// After a power cut such a file may be empty or cut off; whoever reads it takes that for a file that is not there.
public enum CacheFile {
    /// Replaces (or makes) the file.
    /// - Parameter sharing: who else may use it; where somebody does, the umask does not count.
    public static func replace(
        _ path: String, with bytes: some Collection<UInt8>, mode: UInt32 = 0o644, sharing: Sharing = .none
    ) throws(SystemError) {
        try DurableFile.exchange(path, for: bytes, mode: mode, sharing: sharing, isDurable: false)
    }
}
