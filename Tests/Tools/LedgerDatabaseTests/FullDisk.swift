import Foundation
import LinuxSystem
import Testing

/// A file system of 4 MiB in a mount namespace of this thread's own, so that it goes with the process.
struct FullDisk {
    let path: String

    /// Mounts it on a directory.
    init(at path: String) throws {
        self.path = path
        // Glibc's overlay does not import unshare(2).
        let symbol = try #require(dlsym(nil, "unshare"))
        let unshare = unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
        let newMountNamespace: Int32 = 0x0002_0000
        try SystemError.check("enter", "a mount namespace") { unshare(newMountNamespace) }
        try SystemError.check("make private", "/") { mount("none", "/", nil, UInt(MS_REC | MS_PRIVATE), nil) }
        try SystemError.check("mount", path) { mount("disk", path, "tmpfs", 0, "size=4m") }
    }

    /// Writes until nothing more fits.
    func fill() throws(SystemError) {
        let file = try Descriptor.open("\(path)/filler", O_WRONLY | O_CREAT)
        let chunk = [UInt8](repeating: 1, count: 4096)
        do throws(SystemError) {
            while true { try file.write(chunk) }
        } catch  where error.number == ENOSPC {}
    }
}
