import Glibc
import LinuxSystem

/// A mounted file system, as /proc/self/mountinfo lists it. Source: proc(5).
struct MountedFileSystem: Hashable {
    /// `MAJOR:MINOR`, as st_dev has it.
    let device: String
    /// `ext4`, `nfs4`, `fuse.sshfs`.
    let type: String

    /// File systems that other machines (or the host of this virtual machine) write to as well: flock(2) and the shared
    /// memory of SQLite's write-ahead log do not reach them.
    static func isShared(_ type: String) -> Bool {
        let families = [
            "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "vboxsf", "ceph", "afs", "lustre", "gpfs",
            "beegfs",
            "glusterfs", "ocfs2", "gfs2", "coda", "ncpfs", "prl_fs", "vmhgfs",
        ]
        // FUSE says what it is after the dot; its local ones are exceptions.
        return families.contains(type) || type.hasPrefix("fuse.") && type != "fuse.fuse-overlayfs"
    }

    /// The file system that a path lies on; nil where the kernel does not list its device (btrfs subvolumes: local).
    static func holding(_ path: String) throws -> MountedFileSystem? {
        let device = try Descriptor.open(path, O_RDONLY | O_DIRECTORY).status().st_dev
        let name = "\(major(device)):\(minor(device))"
        let table = try DurableFile.read("/proc/self/mountinfo", limit: 16 << 20)
        return table.split(separator: UInt8(ascii: "\n")).lazy.compactMap(MountedFileSystem.init).last {
            $0.device == name
        }
    }

    /// Reads a line of mountinfo; nil where it is none.
    init?(line: some Collection<UInt8>) {
        let fields = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard fields.count > 6, let dash = fields[6...].firstIndex(of: "-"), dash + 1 < fields.count else { return nil }
        device = fields[2]
        type = fields[dash + 1]
    }

    // Source: gnu_dev_major(3), macros that Swift does not import.
    private static func major(_ device: dev_t) -> dev_t { device >> 8 & 0xfff | device >> 32 & ~0xfff }
    private static func minor(_ device: dev_t) -> dev_t { device & 0xff | device >> 12 & ~0xff }
}
