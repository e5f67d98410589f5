# frozen_string_literal: true

# Devise's and Rails' own password checks. A question on standard input:
# {"hasher": "devise", "pepper": null, "password": "…"} answers {"hash": "…"};
# with "hash" in it {"accepted": true, "salt": "…"}, the salt being what Devise keeps in a session.

require 'json'
require 'active_model'
require 'bcrypt'
require 'devise'
require 'devise/encryptor'
require 'devise/models/authenticatable'
require 'devise/models/database_authenticatable'

# A model of Devise without a table: only what the password needs.
class DeviseUser
  extend ActiveModel::Callbacks
  define_model_callbacks :update

  class << self
    attr_accessor :pepper

    def stretches = 12
  end

  def self.before_validation(*); end
  include Devise::Models::DatabaseAuthenticatable

  attr_accessor :encrypted_password
end

# A model with has_secure_password and no table.
class RailsUser
  include ActiveModel::SecurePassword
  attr_accessor :password_digest

  has_secure_password validations: false
end

question = JSON.parse($stdin.read)
password = question['password']

answer =
  case question['hasher']
  when 'devise'
    DeviseUser.pepper = question['pepper']
    user = DeviseUser.new
    if question['hash']
      user.encrypted_password = question['hash']
      { accepted: user.valid_password?(password), salt: user.authenticatable_salt }
    else
      { hash: Devise::Encryptor.digest(DeviseUser, password) }
    end
  when 'rails'
    user = RailsUser.new
    if question['hash']
      user.password_digest = question['hash']
      { accepted: user.authenticate(password) == user }
    else
      user.password = password
      { hash: user.password_digest }
    end
  else
    raise ArgumentError, question['hasher']
  end

puts JSON.generate(answer)
