import BakeModel
import Glibc

/// Bytes as the NUL-closed array that system calls take. File names are never text here.
func cString(_ bytes: some Collection<UInt8>) -> [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }

/// A path for system calls; the root is ".".
func cString(_ path: TreePath) -> [CChar] { path.isRoot ? cString(".".utf8) : cString(path.bytes) }

/// The path of a file through the descriptor of its directory, for calls that know no descriptors of directories.
func processPath(_ directory: Int32, _ name: some Collection<UInt8>) -> [CChar] {
    cString(Array("/proc/self/fd/\(directory)/".utf8) + name)
}
