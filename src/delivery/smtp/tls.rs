//! What is trusted: the system's certificates, and those that the configuration adds.
//!
//! The client needs it twice: for a connection that begins with TLS, and in lettre's own form for one
//! that goes over to it. Both trust the same.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// What is trusted, and for which host.
#[derive(Clone)]
pub(super) struct Trust {
    /// For TLS from the first byte.
    pub(super) config: Arc<ClientConfig>,
    /// For `STARTTLS`.
    pub(super) parameters: TlsParameters,
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trust")
    }
}

impl Trust {
    /// Reads the certificates.
    ///
    /// # Errors
    /// Where the file `ca` cannot be read or holds none, or where there are none at all.
    pub(super) fn read(host: &str, ca: Option<&Path>) -> Result<Self, String> {
        let mut certificates = rustls_native_certs::load_native_certs().certs;
        if let Some(ca) = ca {
            certificates.extend(own(ca)?);
        }
        let mut roots = RootCertStore::empty();
        // A system's store may hold one that cannot be read; the others are trusted all the same.
        let (trusted, _) = roots.add_parsable_certificates(certificates.iter().cloned());
        if trusted == 0 {
            return Err("this system trusts no certificates; install ca-certificates, or name a file in `ca`".into());
        }
        let mut parameters = TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::None);
        for root in certificates {
            if RootCertStore::empty().add(root.clone()).is_ok() {
                let root = Certificate::from_der(root.to_vec()).map_err(|error| error.to_string())?;
                parameters = parameters.add_root_certificate(root);
            }
        }
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let parameters = parameters.build().map_err(|error| error.to_string())?;
        Ok(Self { config: Arc::new(config), parameters })
    }
}

/// The certificates of a PEM file.
fn own(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let shown = path.display();
    let found = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let found = found.map_err(|error| format!("the certificates in {shown} cannot be read: {error}"))?;
    if found.is_empty() {
        return Err(format!("{shown} holds no certificate; expected PEM (-----BEGIN CERTIFICATE-----)"));
    }
    Ok(found)
}
