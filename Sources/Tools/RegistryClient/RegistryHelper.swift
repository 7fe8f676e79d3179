import BakeModel
import LinuxSystem

/// The helper process that talks to one server once: libcurl reads foreign bytes there, within limits.
public enum RegistryHelper {
    /// Its name on the command line.
    public static let name = "registry"
    /// The descriptor that takes the content.
    static let output: Int32 = 5
    /// Bytes of address space.
    private static let addressSpace: UInt64 = 4 << 30

    /// Makes one request and ends.
    public static func serve() -> Never {
        HelperService.serve { json in
            let transfer = try Transfer(json)
            try ResourceLimit.noCore()
            try ResourceLimit.addressSpace(addressSpace)
            return try CurlTransfer(transfer, to: Descriptor(owning: output)).perform().json
        }
    }
}
