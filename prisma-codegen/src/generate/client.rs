//! The client and its accessors.

use prisma_schema::Provider;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Generator, docs};

/// The schema's text, as the program carries it.
pub(crate) struct Embedded {
    /// The files: name, and an expression for the text.
    pub(crate) files: Vec<(String, TokenStream)>,
    /// The folder that relative paths in the schema start from.
    pub(crate) directory: String,
}

pub(super) fn generate(g: &Generator<'_>) -> TokenStream {
    let (client, visibility) = (&g.request.client, &g.request.visibility);
    let models = format_ident!("{client}Models");
    let provider_check = format_ident!("__provider_{}", g.request.schema.provider().name());
    let provider = format_ident!("{}", provider_name(g.request.schema.provider()));
    let Embedded { files, directory } = &g.request.embedded;
    let (names, texts): (Vec<_>, Vec<_>) = files.iter().map(|(name, text)| (name, text)).unzip();
    let accessors = g.models().map(|model| {
        let names = g.of(model);
        let (accessor, record) = (&names.accessor, &names.record);
        let doc = docs::doc(&format!("The queries of the model `{}`.", model.name()));
        quote! {
            #doc
            #visibility fn #accessor(&self) -> __t::Actions<'_, #record> { __t::Actions::new(&self.0) }
        }
    });
    quote! {
        /// The client: what the database of the schema can be asked.
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #visibility struct #client(
            ::prisma_client::Client<#models>,
            <::prisma_client::typed::provider::#provider as ::prisma_client::__private::Pooled>::Pool,
        );
        /// The queries of each model.
        #[allow(missing_debug_implementations)]
        #visibility struct #models(::prisma_client::__private::engine::Handle);
        ::prisma_client::#provider_check!();
        #[allow(unused, clippy::all, clippy::pedantic, clippy::restriction)]
        const _: () = {
            use ::prisma_client::__private::{self as __p, typed as __t};
            impl #client {
                /// Connects to the database that the datasource names.
                ///
                /// # Errors
                /// An environment variable that is not set, a URL that cannot be read, a database that cannot be reached.
                #visibility fn connect() -> impl __p::Future<Output = __p::Result<Self, __p::Error>> + __p::Send {
                    Self::builder().connect()
                }
                /// Settings of the client, before it is connected.
                #visibility fn builder() -> __p::ClientBuilder<Self> { __p::ClientBuilder::new() }
                /// A client of a new database in memory that has the schema's tables.
                ///
                /// # Errors
                /// A provider that has no databases in memory.
                #visibility fn in_memory() -> impl __p::Future<Output = __p::Result<Self, __p::Error>> + __p::Send {
                    __p::in_memory::<Self>()
                }
                /// Makes the database's tables what the schema says, as `prisma db push` does.
                ///
                /// # Errors
                /// A change that would lose data; what the database reports.
                #visibility fn push_schema(&self) -> impl __p::Future<Output = __p::Result<(), __p::Error>> + __p::Send + '_ {
                    __p::push_schema(&self.0)
                }
                /// Applies the migrations that the database does not have, in order, as `prisma migrate deploy` does; answers their names. The migrations are
                /// part of the program: `migrations!("prisma/migrations")`.
                ///
                /// # Errors
                /// A migration that fails (P3018) or failed before (P3009); a database that has tables and no history (P3005); what the database reports.
                #visibility fn migrate(
                    &self,
                    migrations: __p::Migrations,
                ) -> impl __p::Future<Output = __p::Result<__p::Vec<__p::String>, __p::Error>> + __p::Send + '_ {
                    __p::migrate(&self.0, migrations)
                }
                /// The pool of connections as sqlx has it, for what this library does not do. The statements that run on it are not logged.
                #visibility fn pool(&self) -> &<__t::provider::#provider as __p::Pooled>::Pool { &self.1 }
            }
            impl __p::Deref for #client {
                type Target = __t::Client<#models>;
                fn deref(&self) -> &__t::Client<#models> { &self.0 }
            }
            impl __t::GeneratedClient for #client {
                type Schema = #models;
                fn of(__c: __t::Client<#models>) -> __p::Result<Self, __p::Error> {
                    let __l = __p::pool::<__t::provider::#provider>(&**__c.driver())?;
                    __p::Result::Ok(Self(__c, __l))
                }
            }
            impl __t::ClientSchema for #models {
                type Provider = __t::provider::#provider;
                const FILES: &'static [(&'static __p::str, &'static __p::str)] = &[#((#names, #texts)),*];
                const DIRECTORY: &'static __p::str = #directory;
                fn new(__h: __p::engine::Handle) -> Self { Self(__h) }
                fn handle(&self) -> &__p::engine::Handle { &self.0 }
            }
            impl #models { #(#accessors)* }
        };
    }
}

/// The provider as a type, and as a value.
pub(crate) fn provider_name(provider: Provider) -> &'static str {
    match provider {
        Provider::Sqlite => "Sqlite",
        Provider::Postgresql => "Postgresql",
        Provider::Mysql => "Mysql",
        Provider::Cockroachdb => "Cockroachdb",
        Provider::Sqlserver => "Sqlserver",
        Provider::Mongodb => "Mongodb",
    }
}
